package dev.tandem.sync.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The frame reader under a fuzzer: a byte for the link type, then frames, each behind two bytes of
 * length.
 */
class FrameReaderFuzzTest {
    private static final int[] LINK_TYPES = {0, 1, 12, 101, 108, 113, 228, 229, 276};

    static Stream<byte[]> seeds() {
        byte[] udp = Frames.udp("10.0.0.1", "224.0.0.81", 1, 8848, Frames.payload(40));
        byte[] udp6 = Frames.udp("fd00::1", "ff02::81", 1, 8848, Frames.payload(40));
        byte[] first = Frames.ipv4("10.0.0.1", "224.0.0.81", 17, 5, 0, true, Frames.payload(16));
        byte[] last = Frames.ipv4("10.0.0.1", "224.0.0.81", 17, 5, 16, false, Frames.payload(9));
        return Stream.of(
                input(1, Frames.ethernet(Frames.ipv4("10.0.0.1", "224.0.0.81", udp))),
                input(1, Frames.tagged(Frames.ipv6("fd00::1", "ff02::81", udp6), 0x8100)),
                input(2, first, last),
                input(5, Frames.cooked(Frames.ipv4("10.0.0.1", "224.0.0.81", udp))));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void shouldHoldForAnyFrames(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        long[] datagrams = {0};
        FrameReader reader =
                new FrameReader(
                        d -> {
                            datagrams[0]++;
                            assertTrue(d.payload().remaining() <= 65_527);
                            boolean _ = SyncSelector.looksLikeSync(d.payload());
                        },
                        false);
        int linkType = LINK_TYPES[Byte.toUnsignedInt(bytes[0]) % LINK_TYPES.length];
        ByteBuffer rest = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        long frames = 0;
        while (rest.remaining() > 2) {
            int length = Math.min(Short.toUnsignedInt(rest.getShort()), rest.remaining());
            ByteBuffer frame = rest.slice(rest.position(), length);
            rest.position(rest.position() + length);
            FrameVerdict _ = reader.read(frame, length + (length & 1), linkType, frames++);
        }
        reader.finish();
        assertEquals(frames, reader.counters().frames());
        assertEquals(datagrams[0], reader.counters().of(FrameVerdict.DATAGRAM));
    }

    private static byte[] input(int linkType, byte[]... frames) {
        byte[] all = {(byte) linkType};
        for (byte[] frame : frames) {
            all = Frames.join(all, Frames.shorts(frame.length), frame);
        }
        return all;
    }
}
