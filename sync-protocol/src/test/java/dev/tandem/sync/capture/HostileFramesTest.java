package dev.tandem.sync.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Frames that nobody sends: none makes the reader throw, every one gets a verdict. */
class HostileFramesTest {
    private static final int FRAMES = 200_000;
    private static final int[] LINK_TYPES = {0, 1, 12, 101, 108, 113, 228, 229, 276, 9};

    @Test
    void shouldSurviveMutatedFrames() {
        SplittableRandom random = new SplittableRandom(20_260_101);
        long[] datagrams = {0};
        FrameReader reader =
                new FrameReader(
                        new DatagramHandler() {
                            @Override
                            public void onDatagram(CapturedDatagram d) {
                                datagrams[0] += d.payload().remaining() >= 0 ? 1 : 0;
                                boolean _ = SyncSelector.looksLikeSync(d.payload());
                            }

                            @Override
                            public void onFault(FrameVerdict fault, CapturedDatagram d) {
                                boolean _ = SyncSelector.looksLikeSync(d.payload());
                            }
                        },
                        false);
        byte[] udp = Frames.udp("10.0.0.1", "224.0.0.81", 1, 8848, Frames.payload(200));
        byte[] udp6 = Frames.udp("fd00::1", "ff02::81", 1, 8848, Frames.payload(200));
        List<byte[]> seeds =
                List.of(
                        Frames.ethernet(Frames.ipv4("10.0.0.1", "224.0.0.81", udp)),
                        Frames.tagged(Frames.ipv6("fd00::1", "ff02::81", udp6), 0x8100),
                        Frames.ipv4("10.0.0.1", "224.0.0.81", 17, 5, 8, true, new byte[64]),
                        Frames.ipv6(
                                "fd00::1",
                                "ff02::81",
                                44,
                                Frames.fragment(17, 5, 16, true, Arrays.copyOf(udp6, 64))));
        for (int i = 0; i < FRAMES; i++) {
            byte[] frame = seeds.get(random.nextInt(seeds.size())).clone();
            for (int changes = random.nextInt(5); changes > 0; changes--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
            int linkType = LINK_TYPES[random.nextInt(LINK_TYPES.length)];
            int original = frame.length + random.nextInt(3);
            FrameVerdict _ =
                    reader.read(ByteBuffer.wrap(frame), original, linkType, i * 1_000_000L);
        }
        reader.finish();
        assertEquals(FRAMES, reader.counters().frames());
        assertEquals(datagrams[0], reader.counters().of(FrameVerdict.DATAGRAM));
    }
}
