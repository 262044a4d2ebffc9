package dev.tandem.director.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.io.Memory;
import dev.tandem.director.testing.InternetChecksum;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChecksumsTest {
    private static final int ROUNDS = 20_000;

    private final SplittableRandom random = new SplittableRandom(1);
    private final long memory = Arena.global().allocate(2048, 8).address();

    @Test
    void shouldSumAsTheStandardWritesWhateverLengthAndAlignment() {
        for (int length = 0; length < 600; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            int offset = length % 7;
            store(bytes, memory + offset);

            assertEquals(
                    InternetChecksum.sum(bytes, 0, length, 0),
                    Checksums.sum(memory + offset, length),
                    "length " + length);
        }
    }

    @Test
    void shouldSumTheExampleOfTheStandard() {
        // RFC 1071 section 3
        store(
                new byte[] {
                    0x00,
                    0x01,
                    (byte) 0xf2,
                    0x03,
                    (byte) 0xf4,
                    (byte) 0xf5,
                    (byte) 0xf6,
                    (byte) 0xf7
                },
                memory);

        assertEquals(0xddf2, Checksums.sum(memory, 8));
    }

    @Test
    void shouldUpdateAsTheExampleOfTheStandard() {
        // RFC 1624 section 4: the case in which the older equation gives 0xFFFF
        Memory.putShortBe(memory, 0xDD2F);
        Checksums.update(memory, Checksums.delta16(0x5555, 0x3285));

        assertEquals(0x0000, Memory.getShortBe(memory));
    }

    @Test
    void shouldUpdateToWhatFullSumGives() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[40];
            random.nextBytes(bytes);
            bytes[10] = 0;
            bytes[11] = 0;
            bytes[0] = 1; // never all zero, or the sum has two forms
            store(bytes, memory);
            Memory.putShortBe(memory + 10, Checksums.complement(Checksums.sum(memory, 40)));
            int address = random.nextInt();
            int port = random.nextInt(0x10000);
            int delta =
                    Checksums.add(
                            Checksums.delta32(Memory.getIntBe(memory + 16), address),
                            Checksums.delta16(Memory.getShortBe(memory + 22), port));
            Memory.putIntBe(memory + 16, address);
            Memory.putShortBe(memory + 22, port);
            Checksums.update(memory + 10, delta);
            assertEquals(0xFFFF, Checksums.sum(memory, 40));

            Checksums.update(memory + 10, Checksums.negate(delta));
            Memory.putIntBe(memory + 16, intAt(bytes, 16));
            Memory.putShortBe(memory + 22, intAt(bytes, 20) & 0xFFFF);
            assertEquals(0xFFFF, Checksums.sum(memory, 40), "back again");
        }
    }

    @Test
    void shouldDecrementTtlAndKeepTheChecksumForEveryTtl() {
        for (int ttl = 2; ttl < 256; ttl++) {
            Ipv4.write(memory, 20 + ttl, 6, random.nextInt(), random.nextInt());
            int before = Memory.getShortBe(memory + Ipv4.TTL_OFFSET);
            int now = ttl << 8 | 6;
            Memory.putShortBe(memory + Ipv4.TTL_OFFSET, now);
            Checksums.update(memory + Ipv4.CHECKSUM_OFFSET, Checksums.delta16(before, now));

            Ipv4.decrementTtl(memory);

            assertEquals(ttl - 1, Memory.getByte(memory + Ipv4.TTL_OFFSET));
            assertEquals(0xFFFF, Checksums.sum(memory, 20));
        }
    }

    private static int intAt(byte[] bytes, int offset) {
        return java.nio.ByteBuffer.wrap(bytes).getInt(offset);
    }

    private static void store(byte[] bytes, long address) {
        for (int i = 0; i < bytes.length; i++) {
            Memory.putByte(address + i, bytes[i]);
        }
    }
}
