package dev.tandem.director.testing;

import dev.tandem.director.io.AfPacketPort;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.TestNamespaces;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** Sends SYNs of nobody: raw frames from random addresses of 198.18.0.0/15 and random ports. */
public final class SynFlood {
    /** Where they pretend to come from. */
    public static final String SOURCES = "198.18.0.0/15";

    private static final int SYN = 0x02;
    private static final int BATCH = 64;
    private static final int SLOT_BYTES = 128;
    private static final int FIRST_PORT = 1024;

    private SynFlood() {}

    /**
     * Sends so many, evenly over a time, and returns when the last has left.
     *
     * @param device of the namespace
     * @param hardware address of the next hop
     */
    public static void send(
            String namespace,
            String device,
            long hardware,
            String virtual,
            int port,
            int count,
            long durationNs)
            throws Exception {
        int _ =
                TestNamespaces.call(
                        namespace,
                        () -> {
                            send(device, hardware, virtual, port, count, durationNs);
                            return 0;
                        });
    }

    private static void send(
            String device, long hardware, String virtual, int port, int count, long durationNs)
            throws Exception {
        SplittableRandom random = new SplittableRandom(count);
        AfPacketPort out = AfPacketPort.open(device, 0);
        try (Arena arena = Arena.ofConfined()) {
            long slots = arena.allocate((long) BATCH * SLOT_BYTES, 64).address();
            long startNs = System.nanoTime();
            for (int sent = 0; sent < count; ) {
                int batch = Math.min(BATCH, count - sent);
                for (int i = 0; i < batch; i++) {
                    byte[] frame = syn(out.hardwareAddress(), hardware, virtual, port, random);
                    long slot = slots + (long) i * SLOT_BYTES;
                    for (int k = 0; k < frame.length; k++) {
                        Memory.putByte(slot + k, frame[k]);
                    }
                    out.enqueue(slot + PacketBuilder.VNET, frame.length - PacketBuilder.VNET);
                }
                out.flush();
                sent += batch;
                long waitNs = durationNs * sent / count - (System.nanoTime() - startNs);
                if (waitNs > 0) {
                    LockSupport.parkNanos(waitNs);
                }
            }
        } finally {
            out.close();
        }
    }

    private static byte[] syn(
            long from, long to, String virtual, int port, SplittableRandom random) {
        String source =
                "198.%d.%d.%d"
                        .formatted(
                                18 + random.nextInt(2), random.nextInt(256), random.nextInt(256));
        int sourcePort = random.nextInt(FIRST_PORT, 65_536);
        return PacketBuilder.tcp(source, sourcePort, virtual, port, SYN, 0)
                .hardware(from, to)
                .build();
    }
}
