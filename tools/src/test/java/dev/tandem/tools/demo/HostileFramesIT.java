package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.io.AfPacketPort;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.load.Load;
import dev.tandem.tools.demo.load.LoadResult;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Frames that no honest host sends, thrown at the master between those of live connections. */
@Tag("netns")
class HostileFramesIT {
    private static final int CONNECTIONS = 200;
    private static final int FRAMES = 50_000;
    private static final int BATCH = 32;
    private static final int FRAME_SPACE = 2048;
    private static final int VNET_HEADER = 10;
    private static final int ETHERNET_HEADER = 14;

    /** A segment without SYN from the client, port 9, to the virtual address, port 7000. */
    private static final byte[] IPV4 =
            HexFormat.of()
                    .parseHex(
                            "4500002800004000400623c9" // 40 bytes, do not fragment, TTL 64, TCP
                                    + "0a4d010a0a4d0164" // 10.77.1.10 to 10.77.1.100
                                    + "00091b5800000001000000015010ffff00000000"); // ACK

    @Test
    void shouldCountThemAndGoOn() throws Exception {
        try (var running = RunningPair.start(Forwarding.NAT, true);
                Load load = running.load(CONNECTIONS)) {
            running.await("traffic", () -> load.progress().leastAnswered() >= 10);
            DirectorProcess master = running.pair.master().orElseThrow();
            long before = dropped(master);

            int sent = running.lab.client().call(() -> throwFrames(Lab.outsideMac(master.index())));

            running.await("drops counted", () -> dropped(master) - before >= sent / 10);
            assertEquals(
                    "MASTER", master.status().map(Status::state).orElse("no answer of the master"));
            LoadResult result = load.finish(Duration.ofSeconds(5));
            assertEquals(CONNECTIONS, result.kept(), () -> "lost: " + result.lost());
            assertTrue(running.pair.directors().stream().allMatch(DirectorProcess::alive));
        }
    }

    /** Right frames in which some bytes are changed, and of which often the end is missing. */
    private static int throwFrames(String toMac) throws IOException {
        byte[] mac = HexFormat.ofDelimiter(":").parseHex(toMac);
        var random = new SplittableRandom(11);
        try (Arena arena = Arena.ofConfined();
                PacketPort port = AfPacketPort.open("outside", 0)) {
            long frames = arena.allocate((long) FRAME_SPACE * BATCH, 64).address();
            for (int i = 0; i < FRAMES; i++) {
                long frame =
                        frames
                                + (long) FRAME_SPACE * (i % BATCH)
                                + PacketPort.HEADROOM_BYTES
                                + VNET_HEADER;
                port.enqueue(frame, write(frame, mac, port.hardwareAddress(), random));
                if (i % BATCH == BATCH - 1) {
                    port.flush();
                }
            }
            port.flush();
        }
        return FRAMES;
    }

    private static int write(long frame, byte[] mac, long source, SplittableRandom random) {
        Memory.fill(frame - VNET_HEADER, VNET_HEADER + ETHERNET_HEADER + IPV4.length, 0);
        for (int i = 0; i < mac.length; i++) {
            Memory.putByte(frame + i, mac[i]);
            Memory.putByte(frame + 6 + i, (int) (source >>> (40 - 8 * i)));
        }
        Memory.putShortBe(frame + 12, 0x0800);
        long packet = frame + ETHERNET_HEADER;
        for (int i = 0; i < IPV4.length; i++) {
            Memory.putByte(packet + i, IPV4[i]);
        }
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            Memory.putByte(packet + random.nextInt(IPV4.length), random.nextInt(256));
        }
        boolean whole = random.nextBoolean();
        return ETHERNET_HEADER + (whole ? IPV4.length : random.nextInt(IPV4.length));
    }

    private static long dropped(DirectorProcess director) {
        return director.status()
                .map(status -> status.dropped().values().stream().mapToLong(Long::longValue).sum())
                .orElse(0L);
    }
}
