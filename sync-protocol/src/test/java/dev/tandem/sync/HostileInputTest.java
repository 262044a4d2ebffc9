package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.wire.SyncFlags;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes come: nothing is thrown, nothing but counters changes, nothing bad is taken. */
class HostileInputTest {
    private static final int ROUNDS = 20_000;

    private int taken;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldSurviveRandomBytes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            feed(bytes, random);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldSurviveMutatedMessages(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] good =
                TestMessage.of(
                                new TestRecord(1).option(1, new byte[24]),
                                new TestRecord(2)
                                        .flags(SyncFlags.TEMPLATE)
                                        .option(2, new byte[11])
                                        .option(3, new byte[] {'s', 'i', 'p'}),
                                new TestRecord(3).ipv6(),
                                new TestRecord(4).option(0x44, new byte[5]),
                                new TestRecord(5))
                        .build()
                        .array();
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(4, good.length + 8));
            for (int flips = random.nextInt(6); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            feed(bytes, random);
        }
        assertTrue(taken > ROUNDS / 2, "too few got through to prove much");
    }

    /** Most datagrams get a size field that agrees, or few would get past it. */
    private void feed(byte[] bytes, SplittableRandom random) {
        ByteBuffer datagram = ByteBuffer.wrap(bytes);
        if (bytes.length >= 8 && random.nextInt(10) > 0) {
            datagram.putShort(2, (short) bytes.length);
            datagram.put(0, (byte) 0).put(5, (byte) 1).putShort(6, (short) 0);
            if (random.nextInt(4) == 0) {
                datagram.put(0, (byte) random.nextInt(1, 256));
            }
        }
        taken += DecoderInvariants.check(bytes, 0);
    }
}
