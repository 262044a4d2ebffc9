package dev.tandem.director.forward;

import static dev.tandem.director.forward.PacketCase.fromClient;
import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.sctp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.CLIENT6;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER6;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SOURCE;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SOURCE6;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.VIP6;

import dev.tandem.director.testing.PacketBuilder;
import java.util.stream.Stream;

/** Packets that leave inside others: IP in IP. */
final class TunnelCases {
    private static final int IPIP = 4;
    private static final int QUOTABLE = 548;
    private static final int QUOTABLE_6 = 1232;

    private TunnelCases() {}

    static Stream<PacketCase> rows() {
        return Stream.of(forwarded(), tooBig()).flatMap(rows -> rows);
    }

    private static Stream<PacketCase> forwarded() {
        return Stream.of(
                fromClient("IPIP", tcp(CLIENT, 40002, VIP, 83, ACK, 100))
                        .toTunnelServer(wrapped(tcp(CLIENT, 40002, VIP, 83, ACK, 100).ttl(63))),
                fromClient("IPIP, UDP", udp(CLIENT, 5002, VIP, 55, 9).ttl(2))
                        .toTunnelServer(wrapped(udp(CLIENT, 5002, VIP, 55, 9).ttl(1)).ttl(1)),
                fromClient("IPIP, may be fragmented", udp(CLIENT, 5002, VIP, 55, 9).fragmentWord(0))
                        .toTunnelServer(
                                wrapped(udp(CLIENT, 5002, VIP, 55, 9).fragmentWord(0).ttl(63))
                                        .fragmentWord(0)),
                fromClient("IPIP, type of service", tcp(CLIENT, 40002, VIP, 83, ACK, 0).tos(0xB9))
                        .toTunnelServer(
                                wrapped(tcp(CLIENT, 40002, VIP, 83, ACK, 0).tos(0xB9).ttl(63))
                                        .tos(0xB9)),
                fromClient("IPIP, congestion", tcp(CLIENT, 40002, VIP, 83, ACK, 0).tos(0xBB))
                        .toTunnelServer(
                                wrapped(tcp(CLIENT, 40002, VIP, 83, ACK, 0).tos(0xBB).ttl(63))
                                        .tos(0xBA)),
                fromClient(
                                "IPIP, the checksum is completed",
                                tcp(CLIENT, 40002, VIP, 83, ACK, 77).partialChecksum())
                        .toTunnelServer(wrapped(tcp(CLIENT, 40002, VIP, 83, ACK, 77).ttl(63))),
                fromClient(
                                "IPIP, the UDP checksum is completed",
                                udp(CLIENT, 5002, VIP, 55, 77).partialChecksum())
                        .toTunnelServer(wrapped(udp(CLIENT, 5002, VIP, 55, 77).ttl(63))),
                fromClient(
                                "IPIP, the SCTP checksum is completed",
                                sctp(CLIENT, 40013, VIP, 93, 0, 9).partialChecksum())
                        .toTunnelServer(wrapped(sctp(CLIENT, 40013, VIP, 93, 0, 9).ttl(63))),
                fromClient("IPIP, IPv6", tcp(CLIENT6, 40002, VIP6, 83, ACK, 100).tos(0x0B))
                        .toTunnelServer(
                                wrapped6(tcp(CLIENT6, 40002, VIP6, 83, ACK, 100).tos(0x0B).ttl(63))
                                        .tos(0x0A)),
                fromClient("IPIP, IPv6, UDP", udp(CLIENT6, 5002, VIP6, 55, 100))
                        .toTunnelServer(wrapped6(udp(CLIENT6, 5002, VIP6, 55, 100).ttl(63))),
                fromClient(
                                "an error about a reply goes into the tunnel",
                                icmp(
                                        CLIENT,
                                        VIP,
                                        3,
                                        3,
                                        0,
                                        tcp(VIP, 83, CLIENT, 40002, ACK, 9).quote(8)))
                        .toTunnelServer(
                                wrapped(
                                        icmp(
                                                        CLIENT,
                                                        VIP,
                                                        3,
                                                        3,
                                                        0,
                                                        tcp(VIP, 83, CLIENT, 40002, ACK, 9)
                                                                .quote(8))
                                                .ttl(63))));
    }

    private static Stream<PacketCase> tooBig() {
        PacketBuilder fits = tcp(CLIENT, 40002, VIP, 83, ACK, 1440).ttl(63);
        PacketBuilder big = tcp(CLIENT, 40002, VIP, 83, ACK, 1441);
        PacketBuilder segments = tcp(CLIENT, 40002, VIP, 83, ACK, 9000).segmented(1441);
        PacketBuilder big6 = tcp(CLIENT6, 40002, VIP6, 83, ACK, 1401);
        return Stream.of(
                fromClient("fits the tunnel", tcp(CLIENT, 40002, VIP, 83, ACK, 1440))
                        .toTunnelServer(wrapped(fits)),
                fromClient("too big for the tunnel", big)
                        .dropped(DropReason.TOO_BIG)
                        .toClient(
                                icmp(VIP, CLIENT, 3, 4, 1480, big.quote(QUOTABLE - 20))
                                        .identification(0)),
                fromClient("segments too big for the tunnel", segments)
                        .dropped(DropReason.TOO_BIG)
                        .toClient(
                                icmp(VIP, CLIENT, 3, 4, 1480, segments.quote(QUOTABLE - 20))
                                        .identification(0)),
                fromClient("too big for the tunnel over IPv6", big6)
                        .dropped(DropReason.TOO_BIG)
                        .toClient(icmp(VIP6, CLIENT6, 2, 0, 1460, big6.quote(QUOTABLE_6 - 40))));
    }

    private static PacketBuilder wrapped(PacketBuilder inner) {
        return inner.inside(IPIP, TUNNEL_SOURCE, TUNNEL_SERVER).ttl(63);
    }

    private static PacketBuilder wrapped6(PacketBuilder inner) {
        return inner.inside(41, TUNNEL_SOURCE6, TUNNEL_SERVER6).ttl(63);
    }
}
