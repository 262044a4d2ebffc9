package dev.tandem.director.forward;

import static dev.tandem.director.testing.PacketBuilder.sctp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.CLIENT6;
import static dev.tandem.director.testing.PathFixture.DR_SERVER6;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER6;
import static dev.tandem.director.testing.PathFixture.RST;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.VIP6;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.MarkRule;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.packet.Sctp;
import dev.tandem.director.service.MarkRules;
import dev.tandem.director.service.TrafficCounters;
import dev.tandem.director.testing.Lan;
import dev.tandem.director.testing.PacketBuilder;
import dev.tandem.director.testing.PathFixture;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first packet of a connection allocates nothing either, when there is room: entries live off
 * the heap, and schedulers keep to what they have. Every connection is a new one, and has ended and
 * expired before its port comes again.
 */
class FirstPacketAllocationTest {
    /** A compiler that deoptimizes may allocate a little, once; a packet may not. */
    private static final long TOLERANCE_BYTES = 4096;

    private static final int PASSES = 4;
    private static final int ROUNDS = 4096;

    /** What was never answered lives 60 s: fewer rounds of this length than there are ports. */
    private static final long ROUND_NS = 100_000_000;

    private static final int PORTS = 1024;
    private static final int FIRST_PORT = 20_000;
    private static final int SCTP_INIT = 1;
    private static final int FWMARK = 7;
    private static final int PERSISTENCE_SECONDS = 86_400;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * A kind of service.
     *
     * @param packets those of a client's short connection to it, by the client's port
     */
    record Kind(
            String name,
            DirectorSettings settings,
            VirtualServiceConfig service,
            IntFunction<List<PacketBuilder>> packets) {
        Kind(String name, VirtualServiceConfig service, IntFunction<List<PacketBuilder>> packets) {
            this(name, DirectorSettings.DEFAULT, service, packets);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Kind> kinds() {
        VirtualServiceConfig nat = service(Transport.TCP, VIP, 80, NAT_SERVER, Forwarding.NAT);
        return List.of(
                new Kind("NAT", nat, port -> segments(CLIENT, port, VIP, 80)),
                new Kind(
                        "NAT over IPv6",
                        service(Transport.TCP, VIP6, 80, NAT_SERVER6, Forwarding.NAT),
                        port -> segments(CLIENT6, port, VIP6, 80)),
                new Kind(
                        "direct routing over IPv6",
                        service(Transport.TCP, VIP6, 81, DR_SERVER6, Forwarding.DR),
                        port -> segments(CLIENT6, port, VIP6, 81)),
                new Kind(
                        "tunnel",
                        service(Transport.TCP, VIP, 83, TUNNEL_SERVER, Forwarding.TUNNEL),
                        port -> segments(CLIENT, port, VIP, 83)),
                new Kind(
                        "known template",
                        service(VIP, Transport.TCP, 443, NAT_SERVER, PERSISTENCE_SECONDS, false),
                        port -> segments(CLIENT, port, VIP, 443)),
                new Kind(
                        "known template over IPv6",
                        service(VIP6, Transport.TCP, 443, NAT_SERVER6, PERSISTENCE_SECONDS, false),
                        port -> segments(CLIENT6, port, VIP6, 443)),
                new Kind(
                        "one packet",
                        service(VIP, Transport.UDP, 53, NAT_SERVER, 0, true),
                        port -> List.of(udp(CLIENT, port, VIP, 53, 40))),
                new Kind(
                        "SCTP",
                        service(Transport.SCTP, VIP, 90, NAT_SERVER, Forwarding.NAT),
                        port ->
                                List.of(
                                        sctp(CLIENT, port, VIP, 90, SCTP_INIT, 16),
                                        sctp(CLIENT, port, VIP, 90, Sctp.ABORT, 0))),
                new Kind(
                        "mark",
                        new VirtualServiceConfig(
                                new ServiceId.MarkService(FWMARK, false),
                                ServiceOptions.of("wrr", false),
                                List.of(
                                        new RealServerConfig(
                                                Lan.inet(NAT_SERVER), 0, Forwarding.NAT, 1))),
                        port -> segments(CLIENT, port, VIP, 7000)),
                new Kind(
                        "defences",
                        DirectorSettings.DEFAULT
                                .with(Setting.DROP_ENTRY, 3)
                                .with(Setting.DROP_PACKET, 3)
                                .with(Setting.AM_DROPRATE, Integer.MAX_VALUE)
                                .with(Setting.SECURE_TCP, 3),
                        nat,
                        port -> segments(CLIENT, port, VIP, 80)),
                new Kind(
                        "FTP control",
                        service(Transport.TCP, VIP, 21, NAT_SERVER, Forwarding.NAT),
                        port ->
                                List.of(
                                        tcp(CLIENT, port, VIP, 21, SYN, 0),
                                        tcp(CLIENT, port, VIP, 21, ACK, 0),
                                        tcp(CLIENT, port, VIP, 21, RST, 0))));
    }

    private static VirtualServiceConfig service(
            Transport protocol, String address, int port, String server, Forwarding forwarding) {
        return new VirtualServiceConfig(
                protocol,
                Lan.inet(address),
                port,
                "wlc",
                List.of(new RealServerConfig(Lan.inet(server), port, forwarding, 1)));
    }

    private static VirtualServiceConfig service(
            String address,
            Transport protocol,
            int port,
            String server,
            int persistenceSeconds,
            boolean onePacket) {
        int netmask = address.indexOf(':') < 0 ? -1 : 128;
        return new VirtualServiceConfig(
                new ServiceId.AddressService(protocol, Lan.inet(address), port),
                new ServiceOptions("rr", 0, persistenceSeconds, netmask, "", onePacket),
                List.of(new RealServerConfig(Lan.inet(server), port, Forwarding.NAT, 1)));
    }

    private static List<PacketBuilder> segments(String client, int port, String virtual, int to) {
        return List.of(
                tcp(client, port, virtual, to, SYN, 0),
                tcp(client, port, virtual, to, ACK, 60),
                tcp(client, port, virtual, to, RST, 0));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldAllocateNothing(Kind kind) {
        List<List<byte[]>> connections =
                IntStream.range(FIRST_PORT, FIRST_PORT + PORTS)
                        .mapToObj(kind.packets())
                        .map(packets ->
                                packets.stream().map(one -> fromClient(one).build()).toList())
                        .toList();
        try (PathFixture fixture = new PathFixture(false).owning()) {
            fixture.services.marks(
                    new MarkRules(
                            List.of(
                                    new MarkRule(
                                            FWMARK,
                                            Optional.of(Transport.TCP),
                                            Optional.empty(),
                                            new MarkRule.Prefix(Lan.inet(VIP), 32),
                                            7000,
                                            7009,
                                            Optional.empty())),
                            _ -> 0));
            fixture.services.replace(List.of(kind.service()));
            fixture.connections.settings().replace(kind.settings());
            // drop_packet begins when the first has come, and sacrifices the second
            come(fixture, connections.getLast());
            come(fixture, connections.get(PORTS / 2));
            Map<DropReason, Long> drops = fixture.counters.drops();
            TrafficCounters traffic = fixture.services.list().getFirst().traffic();
            long scheduled = traffic.connections();
            long allocated = 0;
            long sent = fixture.inside.sentFrames();
            for (int pass = 0; pass < PASSES; pass++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int round = 0; round < ROUNDS; round++) {
                    come(fixture, connections.get(round % PORTS));
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            sent = fixture.inside.sentFrames() - sent;

            assertEquals(drops, fixture.counters.drops());
            assertEquals((long) PASSES * ROUNDS, traffic.connections() - scheduled);
            assertTrue(sent >= (long) PASSES * ROUNDS * connections.getFirst().size());
            assertEquals(0, allocated / TOLERANCE_BYTES, allocated + " bytes");
        }
    }

    private static void come(PathFixture fixture, List<byte[]> packets) {
        for (int i = 0; i < packets.size(); i++) {
            fixture.outside.inject(packets.get(i));
            fixture.work();
        }
        fixture.nowNs += ROUND_NS;
        fixture.egress.doWork(fixture.nowNs);
        int _ = fixture.connections.doWork(fixture.nowNs);
    }
}
