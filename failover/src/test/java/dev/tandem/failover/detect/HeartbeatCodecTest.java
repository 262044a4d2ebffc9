package dev.tandem.failover.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failover.core.Event;
import dev.tandem.failover.core.State;
import dev.tandem.failover.core.Vote;
import dev.tandem.failover.detect.HeartbeatCodec.Verdict;
import dev.tandem.sync.hardening.SyncKey;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatCodecTest {
    private static final long INCARNATION = 0x1122334455667788L;

    private static final Event.Heartbeat HEARTBEAT =
            new Event.Heartbeat(
                    "a",
                    INCARNATION,
                    9,
                    State.MASTER,
                    0x0A0B,
                    254,
                    true,
                    true,
                    17,
                    1_000_000,
                    -2,
                    new Vote(0x0C0D, "bc", -3));

    private final HeartbeatCodec sender = new HeartbeatCodec("demo", "a", List.of("b"), List.of());
    private final HeartbeatCodec receiver =
            new HeartbeatCodec("demo", "b", List.of("c", "a"), List.of());
    private final ByteBuffer packet = heartbeat(sender);

    private static ByteBuffer heartbeat(HeartbeatCodec codec) {
        ByteBuffer packet = ByteBuffer.allocateDirect(HeartbeatCodec.MAX_LENGTH_BYTES);
        codec.encode(packet, HEARTBEAT);
        return packet;
    }

    @Test
    void shouldReadWhatWasWritten() {
        assertEquals(Verdict.ACCEPTED, receiver.check(packet));
        assertEquals(1, receiver.peerIn(packet));
        assertEquals(HEARTBEAT, receiver.decode(packet));
    }

    @Test
    void shouldWriteTheDocumentedBytes() {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(0, bytes);
        assertEquals(
                "544e444d" // magic
                        + "02" // version
                        + "04" // MASTER
                        + "05" // flags: holds the table, sees the gateway
                        + "fe" // priority
                        + "a5e41b674276d396" // FNV-1a of "demo"
                        + "1122334455667788" // incarnation
                        + "0000000000000009" // sequence
                        + "0000000000000a0b" // epoch
                        + "000f4240" // connections
                        + "00000011" // sync lag
                        + "fffffffffffffffe" // sent
                        + "0000000000000c0d" // the vote's epoch
                        + "fffffffffffffffd" // when its holder was heard
                        + "01" // length of the name
                        + "02" // length of the holder's
                        + "61" // "a"
                        + "6263", // "bc"
                HexFormat.of().formatHex(bytes));
    }

    @Test
    void shouldNotKnowOtherClustersNorStrangers() {
        assertEquals(
                Verdict.OTHER_CLUSTER,
                receiver.check(
                        heartbeat(new HeartbeatCodec("other", "a", List.of("b"), List.of()))));
        assertEquals(
                Verdict.UNKNOWN_NODE,
                receiver.check(
                        heartbeat(new HeartbeatCodec("demo", "z", List.of("b"), List.of()))));
        assertEquals(
                Verdict.OWN_NAME,
                receiver.check(
                        heartbeat(new HeartbeatCodec("demo", "b", List.of("a"), List.of()))));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, WRONG_MAGIC",
        "4, 1, WRONG_VERSION",
        "4, 3, WRONG_VERSION",
        "5, 0, WRONG_NUMBER",
        "5, 12, WRONG_NUMBER",
        "5, -1, WRONG_NUMBER",
        "7, 0, WRONG_NUMBER",
        "7, -1, WRONG_NUMBER",
        "24, -128, WRONG_NUMBER",
        "32, -128, WRONG_NUMBER",
        "32, 65, WRONG_NUMBER",
        "40, -1, WRONG_NUMBER",
        "44, -1, WRONG_NUMBER",
        "56, -128, WRONG_NUMBER",
        "56, 65, WRONG_NUMBER",
        "72, 0, WRONG_LENGTH",
        "72, 2, WRONG_LENGTH",
        "72, 64, WRONG_LENGTH",
        "72, -1, WRONG_LENGTH",
        "73, 1, WRONG_LENGTH",
        "73, 64, WRONG_LENGTH",
        "6, 2, WRONG_LENGTH",
        "6, -3, ACCEPTED",
    })
    void shouldSayWhatIsWrongWhenAByteIs(int offset, int value, Verdict verdict) {
        packet.put(offset, (byte) value);
        assertEquals(verdict, receiver.check(packet));
    }

    @Test
    void shouldRefuseEveryOtherLength() {
        for (int length = 0; length < packet.capacity(); length++) {
            ByteBuffer other = packet.duplicate().clear().limit(length);
            assertEquals(
                    length == packet.limit() ? Verdict.ACCEPTED : Verdict.WRONG_LENGTH,
                    receiver.check(other),
                    "length " + length);
        }
    }

    @Test
    void shouldBelieveAnyOfItsKeysAndNothingThatWasChanged() {
        SyncKey old = new SyncKey(1, new byte[16]);
        SyncKey next = new SyncKey(2, new byte[20]);
        HeartbeatCodec turning = receiver(next, old);
        assertEquals(Verdict.ACCEPTED, turning.check(signed(old)));
        assertEquals(Verdict.ACCEPTED, turning.check(signed(next)));
        assertEquals(HEARTBEAT, turning.decode(signed(next)));
        assertEquals(Verdict.UNKNOWN_KEY, receiver(next).check(signed(old)));
        assertEquals(
                Verdict.WRONG_SIGNATURE, receiver(new SyncKey(1, new byte[17])).check(signed(old)));
        assertEquals(Verdict.NOT_SIGNED, turning.check(packet));
        assertEquals(Verdict.SIGNED, receiver.check(signed(old)));
        for (int at = 0; at < signed(old).limit(); at++) {
            ByteBuffer changed = signed(old);
            changed.put(at, (byte) (changed.get(at) ^ 2));
            assertNotEquals(Verdict.ACCEPTED, turning.check(changed), "byte " + at);
        }
    }

    private static ByteBuffer signed(SyncKey key) {
        return heartbeat(new HeartbeatCodec("demo", "a", List.of("b"), List.of(key)));
    }

    private static HeartbeatCodec receiver(SyncKey... keys) {
        return new HeartbeatCodec("demo", "b", List.of("a"), List.of(keys));
    }

    @Test
    void shouldNeverThrowWhateverTheBytes() {
        SplittableRandom random = new SplittableRandom(5);
        int accepted = 0;
        for (int i = 0; i < 300_000; i++) {
            ByteBuffer hostile = heartbeat(sender);
            int changes = random.nextInt(1, 6);
            for (int change = 0; change < changes; change++) {
                hostile.put(random.nextInt(hostile.limit()), (byte) random.nextInt(256));
            }
            hostile.limit(
                    random.nextInt(4) == 0
                            ? random.nextInt(hostile.capacity() + 1)
                            : hostile.limit());
            if (receiver.check(hostile) == Verdict.ACCEPTED) {
                accepted++;
                assertNotEquals("", receiver.decode(hostile).node());
            }
        }
        assertTrue(accepted > 1_000, "some changes are harmless: " + accepted);
    }
}
