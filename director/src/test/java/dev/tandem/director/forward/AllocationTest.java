package dev.tandem.director.forward;

import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static dev.tandem.director.testing.PathFixture.fromServer;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.tandem.director.testing.PathFixture;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Forwarding allocates nothing. */
class AllocationTest {
    private static final int PACKETS = 100_000;
    private static final int ROUNDS = PACKETS / 5;

    /** A compiler that deoptimizes may allocate a little, once; a packet may not. */
    private static final long TOLERANCE_BYTES = 4096;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingWhenForwarding() {
        byte[] natIn = fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 60)).build();
        byte[] natOut = fromServer(tcp(NAT_SERVER, 8080, CLIENT, 40000, ACK, 60)).build();
        byte[] drIn = fromClient(tcp(CLIENT, 40001, VIP, 81, ACK, 60)).build();
        byte[] udpIn = fromClient(udp(CLIENT, 5000, VIP, 53, 60)).build();
        byte[] udpOut = fromServer(udp(DNS_SERVER, 5353, CLIENT, 5000, 60)).build();
        try (PathFixture fixture = new PathFixture(false).owning().connected()) {
            long allocated = 0;
            for (int pass = 0; pass < 2; pass++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int round = 0; round < ROUNDS; round++) {
                    fixture.outside.inject(natIn);
                    fixture.outside.inject(drIn);
                    fixture.outside.inject(udpIn);
                    fixture.inside.inject(natOut);
                    fixture.inside.inject(udpOut);
                    fixture.nowNs += 1000;
                    fixture.work();
                    fixture.egress.doWork(fixture.nowNs);
                    fixture.addresses.doWork(fixture.nowNs);
                    fixture.connections.doWork(fixture.nowNs);
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertEquals(0, allocated / TOLERANCE_BYTES, allocated + " bytes");
            assertEquals(2 * 3 * ROUNDS + 4, fixture.counters.toServer());
            assertEquals(2 * 2 * ROUNDS, fixture.counters.toClient());
        }
    }
}
