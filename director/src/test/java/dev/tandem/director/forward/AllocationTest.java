package dev.tandem.director.forward;

import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.sctp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.CLIENT6;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER6;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER6;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.VIP6;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static dev.tandem.director.testing.PathFixture.fromServer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.testing.Fragments;
import dev.tandem.director.testing.Lan;
import dev.tandem.director.testing.PathFixture;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Forwarding allocates nothing. */
class AllocationTest {
    private static final int GUE_SERVICE = 84;
    private static final int GRE_SERVICE = 85;

    /** A compiler that deoptimizes may allocate a little, once; a packet may not. */
    private static final long TOLERANCE_BYTES = 4096;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingWhenForwarding() {
        List<byte[]> outside =
                List.of(
                        fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 60)).build(),
                        fromClient(tcp(CLIENT, 40001, VIP, 81, ACK, 60)).build(),
                        fromClient(udp(CLIENT, 5000, VIP, 53, 60)).build());
        List<byte[]> inside =
                List.of(
                        fromServer(tcp(NAT_SERVER, 8080, CLIENT, 40000, ACK, 60)).build(),
                        fromServer(udp(DNS_SERVER, 5353, CLIENT, 5000, 60)).build());
        verify(outside, inside, 10_000, outside.size() + inside.size());
    }

    @Test
    void shouldAllocateNothingForIpv6AndSctp() {
        List<byte[]> outside =
                List.of(
                        fromClient(tcp(CLIENT6, 40000, VIP6, 80, ACK, 60)).build(),
                        fromClient(
                                        tcp(CLIENT6, 40001, VIP6, 81, ACK, 60)
                                                .extension(0, new byte[6])
                                                .extension(60, new byte[6]))
                                .build(),
                        fromClient(sctp(CLIENT, 40010, VIP, 90, 0, 60)).build(),
                        fromClient(
                                        icmp(
                                                CLIENT6,
                                                VIP6,
                                                2,
                                                0,
                                                1280,
                                                tcp(VIP6, 80, CLIENT6, 40000, ACK, 40).quote(40)))
                                .build());
        List<byte[]> inside =
                List.of(
                        fromServer(tcp(NAT_SERVER6, 8080, CLIENT6, 40000, ACK, 60)).build(),
                        fromServer(udp(DNS_SERVER6, 5353, CLIENT6, 5000, 60)).build());
        verify(outside, inside, 5_000, outside.size() + inside.size());
    }

    @Test
    void shouldAllocateNothingForTunnels() {
        List<byte[]> outside =
                List.of(
                        fromClient(tcp(CLIENT, 40002, VIP, 83, ACK, 60)).build(),
                        fromClient(tcp(CLIENT6, 40002, VIP6, 83, ACK, 60)).build(),
                        fromClient(tcp(CLIENT, 40003, VIP, GUE_SERVICE, SYN, 0)).build(),
                        fromClient(tcp(CLIENT, 40004, VIP, GRE_SERVICE, SYN, 0)).build(),
                        fromClient(tcp(CLIENT, 40002, VIP, 83, ACK, 14_000).segmented(1400))
                                .build());
        verify(outside, List.of(), 2_000, 4 + 10);
    }

    @Test
    void shouldAllocateNothingForFragments() {
        List<byte[]> outside = new ArrayList<>();
        outside.addAll(
                Fragments.cut(
                        fromClient(udp(CLIENT, 5000, VIP, 53, 3000).fragmentWord(0)).build(),
                        1480));
        outside.addAll(Fragments.cut(fromClient(udp(CLIENT6, 5000, VIP6, 53, 3000)).build(), 1400));
        outside.add(fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 2000).fragmentWord(0)).build());
        verify(outside, List.of(), 2_000, 3 + 3 + 2);
    }

    @Test
    void shouldAllocateNothingForAnswers() {
        List<byte[]> outside =
                List.of(
                        fromClient(tcp(CLIENT, 45000, VIP, 80, ACK, 0)).build(),
                        fromClient(udp(CLIENT, 45000, VIP, 99, 9)).build(),
                        fromClient(icmp(CLIENT, VIP, 8, 0, 7, new byte[32])).build(),
                        fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 9).ttl(1)).build(),
                        fromClient(tcp(CLIENT6, 40000, VIP6, 80, ACK, 9).ttl(1)).build(),
                        fromClient(tcp(CLIENT6, 40000, VIP6, 80, ACK, 1500)).build());
        verify(outside, List.of(), 5_000, 6);
    }

    /**
     * @param framesPerRound that must leave
     */
    private void verify(List<byte[]> outside, List<byte[]> inside, int rounds, int framesPerRound) {
        try (PathFixture fixture = new PathFixture(false).owning().connected().established()) {
            addTunnels(fixture);
            long allocated = 0;
            long sent = 0;
            for (int pass = 0; pass < 3; pass++) {
                sent = fixture.outside.sentFrames() + fixture.inside.sentFrames();
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int round = 0; round < rounds; round++) {
                    for (int i = 0; i < outside.size(); i++) {
                        fixture.outside.inject(outside.get(i));
                    }
                    for (int i = 0; i < inside.size(); i++) {
                        fixture.inside.inject(inside.get(i));
                    }
                    // slow enough for answers that are limited in rate
                    fixture.nowNs += 5_000_000;
                    fixture.work();
                    fixture.egress.doWork(fixture.nowNs);
                    fixture.addresses.doWork(fixture.nowNs);
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
                sent = fixture.outside.sentFrames() + fixture.inside.sentFrames() - sent;
            }
            assertEquals(0, allocated / TOLERANCE_BYTES, allocated + " bytes");
            assertTrue(sent >= (long) framesPerRound * rounds, sent + " frames left");
            assertTrue(sent <= (long) framesPerRound * rounds + 9, sent + " frames left");
        }
    }

    private static void addTunnels(PathFixture fixture) {
        List<VirtualServiceConfig> services = new ArrayList<>(PathFixture.services());
        services.add(service(GUE_SERVICE, new Tunnel(Tunnel.Type.GUE, 6080, Tunnel.Checksum.CSUM)));
        services.add(service(GRE_SERVICE, new Tunnel(Tunnel.Type.GRE, 0, Tunnel.Checksum.CSUM)));
        fixture.services.replace(services);
        for (int port : new int[] {GUE_SERVICE, GRE_SERVICE}) {
            int clientPort = 40003 + port - GUE_SERVICE;
            fixture.receive(
                    fixture.outside,
                    fromClient(tcp(CLIENT, clientPort, VIP, port, SYN, 0)).build());
        }
        fixture.takeSent();
    }

    private static VirtualServiceConfig service(int port, Tunnel tunnel) {
        return new VirtualServiceConfig(
                Transport.TCP,
                Lan.inet(VIP),
                port,
                "rr",
                List.of(
                        new RealServerConfig(
                                Lan.inet(TUNNEL_SERVER),
                                port,
                                Forwarding.TUNNEL,
                                1,
                                0,
                                0,
                                tunnel)));
    }
}
