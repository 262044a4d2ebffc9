package dev.tandem.director.forward;

import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.CLIENT6;
import static dev.tandem.director.testing.PathFixture.CLIENT_HW;
import static dev.tandem.director.testing.PathFixture.FIN;
import static dev.tandem.director.testing.PathFixture.GUE_PORT;
import static dev.tandem.director.testing.PathFixture.INSIDE_HW;
import static dev.tandem.director.testing.PathFixture.OUTSIDE_HW;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER6;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SOURCE;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SOURCE6;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.VIP6;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static dev.tandem.director.testing.PathFixture.fromServer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.testing.Lan;
import dev.tandem.director.testing.PacketBuilder;
import dev.tandem.director.testing.PathFixture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tunnels of every kind: super-frames, what routers say of the tunnel, which ports GUE uses. */
class TunnelTest {
    private static final int IP = PacketBuilder.VNET + PacketBuilder.ETHERNET;
    private static final int PORT = 84;
    private static final int CLIENT_PORT = 42000;
    private static final String ROUTER = "10.77.2.254";
    private static final String ROUTER6 = "2001:db8:2::fffe";

    /**
     * A tunnel and what it puts between the outer IP header and the packet, checksums as 0.
     *
     * @param protocol that the outer header names
     */
    record Kind(Tunnel tunnel, boolean outerIpv6, boolean innerIpv6, int protocol, String between) {
        String server() {
            return outerIpv6 ? TUNNEL_SERVER6 : TUNNEL_SERVER;
        }

        String source() {
            return outerIpv6 ? TUNNEL_SOURCE6 : TUNNEL_SOURCE;
        }

        String client() {
            return innerIpv6 ? CLIENT6 : CLIENT;
        }

        String virtual() {
            return innerIpv6 ? VIP6 : VIP;
        }

        int overhead() {
            return (outerIpv6 ? 40 : 20) + between.length() / 2;
        }
    }

    static Stream<Kind> kinds() {
        return Stream.of(false, true)
                .flatMap(outer -> Stream.of(false, true).flatMap(inner -> kinds(outer, inner)));
    }

    private static Stream<Kind> kinds(boolean outer, boolean inner) {
        int ip = inner ? 41 : 4;
        String gue = "00000000" + "00000000" + (inner ? "00290000" : "00040000");
        String type = inner ? "86dd" : "0800";
        return Stream.of(
                new Kind(Tunnel.IPIP, outer, inner, ip, ""),
                new Kind(gue(Tunnel.Checksum.NONE), outer, inner, 17, gue),
                new Kind(gue(Tunnel.Checksum.CSUM), outer, inner, 17, gue),
                new Kind(gue(Tunnel.Checksum.REMCSUM), outer, inner, 17, gue),
                new Kind(gre(Tunnel.Checksum.NONE), outer, inner, 47, "0000" + type),
                new Kind(gre(Tunnel.Checksum.CSUM), outer, inner, 47, "8000" + type + "00000000"));
    }

    private static Tunnel gue(Tunnel.Checksum checksum) {
        return new Tunnel(Tunnel.Type.GUE, GUE_PORT, checksum);
    }

    private static Tunnel gre(Tunnel.Checksum checksum) {
        return new Tunnel(Tunnel.Type.GRE, 0, checksum);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldWrapPacketUnchangedButForItsTtl(Kind kind) {
        try (PathFixture fixture = fixture(kind)) {
            PacketBuilder packet = segment(kind, ACK, 101).tos(0x2B).ttl(9);
            fixture.receive(fixture.outside, fromClient(packet).build());
            byte[] frame = fixture.takeSent().getFirst().frame();

            checkOuter(kind, frame, packet.ttl(8).packet());
            ByteBuffer bytes = ByteBuffer.wrap(frame);
            int trafficClass = kind.outerIpv6 ? bytes.getShort(IP) >>> 4 & 0xFF : frame[IP + 1];
            assertEquals(0x2A, trafficClass, "ECN inside is not told outside");
            assertEquals(8, frame[IP + (kind.outerIpv6 ? 7 : 8)], "TTL");
            if (!kind.outerIpv6) {
                // not to be fragmented, like what is inside
                assertEquals(kind.innerIpv6 ? 0 : 0x40, frame[IP + 6], "DF");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldCutSuperFrameIntoSegmentsInsideTunnel(Kind kind) {
        int size = 1300;
        int payload = 12 * size + 77;
        try (PathFixture fixture = fixture(kind)) {
            PacketBuilder whole = segment(kind, ACK | 0x08 | FIN | 0x80, payload).segmented(size);
            fixture.receive(fixture.outside, fromClient(whole).build());
            List<PathFixture.Sent> sent = fixture.takeSent();

            assertEquals(13, sent.size());
            int inner = IP + kind.overhead();
            int tcp = inner + (kind.innerIpv6 ? 40 : 20);
            byte[] all = new byte[payload];
            for (int i = 0; i < sent.size(); i++) {
                byte[] frame = sent.get(i).frame();
                ByteBuffer bytes = ByteBuffer.wrap(frame);
                assertEquals(1000 + i * size, bytes.getInt(tcp + 4), "sequence number");
                int flags = ACK | (i == 0 ? 0x80 : 0) | (i == 12 ? 0x08 | FIN : 0);
                assertEquals(flags, frame[tcp + 13] & 0xFF, "flags");
                assertEquals(0, frame[0] | frame[1], "no offload");
                bytes.get(tcp + 20, all, i * size, frame.length - tcp - 20);
            }
            assertArrayEquals(
                    java.util.Arrays.copyOfRange(
                            whole.packet(), whole.packet().length - payload, whole.packet().length),
                    all);
        }
    }

    @Test
    void shouldCutUdpSuperFrameIntoDatagrams() {
        try (PathFixture fixture = fixture(kinds().findFirst().orElseThrow())) {
            fixture.established();
            fixture.receive(
                    fixture.outside,
                    fromClient(udp(CLIENT, 5002, VIP, 55, 2500).segmented(1000)).build());
            List<Integer> lengths =
                    fixture.takeSent().stream()
                            .map(sent -> (int) ByteBuffer.wrap(sent.frame()).getShort(IP + 44))
                            .toList();
            assertEquals(List.of(1008, 1008, 508), lengths);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldTellClientWhatRouterSaysOfTunnel(Kind kind) {
        try (PathFixture fixture = fixture(kind)) {
            fixture.receive(fixture.outside, fromClient(segment(kind, ACK, 1380)).build());
            byte[] wrapped = fixture.takeSent().getFirst().frame();
            byte[] quoted = java.util.Arrays.copyOfRange(wrapped, IP, IP + 300);
            fixture.receive(fixture.inside, fromServer(tooBig(kind, quoted, 1400)).build());

            int mtu = Math.max(1400 - kind.overhead(), kind.innerIpv6 ? 1280 : 0);
            PathFixture.Sent told = fixture.takeSent().getFirst();
            byte[] about = java.util.Arrays.copyOfRange(quoted, kind.overhead(), quoted.length);
            assertEquals(fixture.outside.name(), told.port().name());
            assertArrayEquals(
                    toClient(kind, mtu, about).hardware(OUTSIDE_HW, CLIENT_HW).build(),
                    told.frame());
            assertEquals(Map.of(), fixture.counters.drops());

            fixture.receive(fixture.outside, fromClient(segment(kind, ACK, 1380)).build());
            assertEquals(
                    Map.of(DropReason.TOO_BIG, 1L), fixture.counters.drops(), "it is remembered");
            fixture.takeSent();
            fixture.nowNs += 601_000_000_000L;
            fixture.receive(fixture.outside, fromClient(segment(kind, SYN, 1380)).build());
            assertEquals(1, fixture.takeSent().size(), "but not for ever");
        }
    }

    @Test
    void shouldRelayThatTunnelsEndIsUnreachable() {
        Kind kind = kinds().findFirst().orElseThrow();
        try (PathFixture fixture = fixture(kind)) {
            fixture.receive(fixture.outside, fromClient(segment(kind, ACK, 10)).build());
            byte[] wrapped = fixture.takeSent().getFirst().frame();
            byte[] quoted = java.util.Arrays.copyOfRange(wrapped, IP, IP + 48);
            fixture.receive(
                    fixture.inside,
                    fromServer(icmp(ROUTER, TUNNEL_SOURCE, 3, 1, 0, quoted)).build());

            byte[] about = java.util.Arrays.copyOfRange(quoted, 20, 48);
            assertArrayEquals(
                    icmp(VIP, CLIENT, 3, 1, 0, about)
                            .identification(0)
                            .hardware(OUTSIDE_HW, CLIENT_HW)
                            .build(),
                    fixture.takeSent().getFirst().frame());
        }
    }

    @Test
    void shouldNotBelieveErrorsAboutTunnelsThatAreNotOurs() {
        Kind kind = kinds().findFirst().orElseThrow();
        try (PathFixture fixture = fixture(kind)) {
            byte[] inner = segment(kind, ACK, 100).packet();
            List<byte[]> forged =
                    List.of(
                            raw(4, "10.77.2.99", inner),
                            raw(47, TUNNEL_SERVER, concat("00000800", inner)),
                            raw(4, TUNNEL_SERVER, tcp(CLIENT, 1, VIP, PORT, ACK, 9).packet()),
                            raw(4, TUNNEL_SERVER, java.util.Arrays.copyOf(inner, 27)));
            for (byte[] quoted : forged) {
                fixture.receive(fixture.inside, fromServer(tooBig(kind, quoted, 600)).build());
            }
            fixture.receive(
                    fixture.inside,
                    fromServer(
                                    tooBig(kind, raw(4, TUNNEL_SERVER, inner), 600)
                                            .noTransportChecksum())
                            .build());
            assertEquals(Map.of(DropReason.NOT_OURS, 5L), fixture.counters.drops());
            assertEquals(List.of(), fixture.takeSent());
        }
    }

    @Test
    void shouldSpreadFlowsOverPortsAndKeepEachOnOne() {
        Kind kind =
                kinds().filter(k -> k.tunnel.type() == Tunnel.Type.GUE).findFirst().orElseThrow();
        try (PathFixture fixture = fixture(kind)) {
            long ports =
                    java.util.stream.IntStream.range(1001, 1040)
                            .map(port -> {
                                int one = sourcePort(fixture, port, SYN);
                                assertEquals(one, sourcePort(fixture, port, ACK));
                                assertTrue(one >= 32768 && one <= 60999, "port " + one);
                                return one;
                            })
                            .distinct()
                            .count();
            assertTrue(ports > 35, ports + " ports for 39 flows");
        }
    }

    @Test
    void shouldDropWhenRouteLeavesNoRoomInTunnel() {
        Kind kind = kinds().filter(Kind::outerIpv6).findFirst().orElseThrow();
        try (PathFixture fixture = fixture(kind)) {
            fixture.lan.neighbour(TUNNEL_SERVER6, TUNNEL_SERVER_HW, INSIDE_HW, 1, 1319);
            fixture.lan.source(TUNNEL_SERVER6, TUNNEL_SOURCE6);
            fixture.receive(fixture.outside, fromClient(segment(kind, ACK, 10)).build());

            assertEquals(Map.of(DropReason.MTU_TOO_SMALL, 1L), fixture.counters.drops());
        }
    }

    private static int sourcePort(PathFixture fixture, int clientPort, int flags) {
        fixture.receive(
                fixture.outside, fromClient(tcp(CLIENT, clientPort, VIP, PORT, flags, 0)).build());
        byte[] frame = fixture.takeSent().getFirst().frame();
        return ByteBuffer.wrap(frame).getShort(IP + 20) & 0xFFFF;
    }

    /** A service behind that tunnel with one connection. */
    private static PathFixture fixture(Kind kind) {
        PathFixture fixture = new PathFixture().owning();
        fixture.services.replace(
                List.of(
                        new VirtualServiceConfig(
                                Transport.TCP,
                                Lan.inet(kind.virtual()),
                                PORT,
                                "rr",
                                List.of(
                                        new RealServerConfig(
                                                Lan.inet(kind.server()),
                                                PORT,
                                                Forwarding.TUNNEL,
                                                1,
                                                0,
                                                0,
                                                kind.tunnel())))));
        fixture.receive(fixture.outside, fromClient(segment(kind, SYN, 0)).build());
        assertEquals(1, fixture.takeSent().size());
        return fixture;
    }

    private static PacketBuilder segment(Kind kind, int flags, int payload) {
        return tcp(kind.client(), CLIENT_PORT, kind.virtual(), PORT, flags, payload);
    }

    private static void checkOuter(Kind kind, byte[] frame, byte[] inner) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        int header = kind.outerIpv6 ? 40 : 20;
        assertEquals(kind.protocol, frame[IP + (kind.outerIpv6 ? 6 : 9)], "protocol");
        byte[] source = new byte[kind.outerIpv6 ? 16 : 4];
        byte[] destination = source.clone();
        bytes.get(IP + (kind.outerIpv6 ? 8 : 12), source);
        bytes.get(IP + (kind.outerIpv6 ? 24 : 16), destination);
        assertArrayEquals(Lan.inet(kind.source()).getAddress(), source);
        assertArrayEquals(Lan.inet(kind.server()).getAddress(), destination);
        byte[] between = new byte[kind.between.length() / 2];
        bytes.get(IP + header, between);
        boolean withChecksum = kind.tunnel.checksum() != Tunnel.Checksum.NONE;
        if (kind.protocol == 17) {
            int gue = IP + header;
            assertEquals(GUE_PORT, bytes.getShort(gue + 2) & 0xFFFF);
            assertEquals(withChecksum, bytes.getShort(gue + 6) != 0, "UDP checksum");
            java.util.Arrays.fill(between, 0, 8, (byte) 0);
        } else if (withChecksum) {
            assertTrue(bytes.getShort(IP + header + 4) != 0, "GRE checksum");
            between[4] = 0;
            between[5] = 0;
        }
        assertArrayEquals(java.util.HexFormat.of().parseHex(kind.between), between);
        assertArrayEquals(
                inner,
                java.util.Arrays.copyOfRange(frame, IP + kind.overhead(), frame.length),
                "what is inside");
    }

    private static PacketBuilder tooBig(Kind kind, byte[] quoted, int mtu) {
        return kind.outerIpv6
                ? icmp(ROUTER6, TUNNEL_SOURCE6, 2, 0, mtu, quoted)
                : icmp(ROUTER, TUNNEL_SOURCE, 3, 4, mtu, quoted);
    }

    private static PacketBuilder toClient(Kind kind, int mtu, byte[] about) {
        return kind.innerIpv6
                ? icmp(VIP6, CLIENT6, 2, 0, mtu, about)
                : icmp(VIP, CLIENT, 3, 4, mtu, about).identification(0);
    }

    private static byte[] raw(int protocol, String server, byte[] body) {
        return PacketBuilder.raw(protocol, TUNNEL_SOURCE, server, body).packet();
    }

    private static byte[] concat(String hex, byte[] bytes) {
        byte[] first = java.util.HexFormat.of().parseHex(hex);
        return ByteBuffer.allocate(first.length + bytes.length).put(first).put(bytes).array();
    }
}
