package dev.tandem.director.forward;

import static dev.tandem.director.forward.PacketCase.fromClient;
import static dev.tandem.director.forward.PacketCase.fromServer;
import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT6;
import static dev.tandem.director.testing.PathFixture.FIN;
import static dev.tandem.director.testing.PathFixture.GATEWAY6;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER6;
import static dev.tandem.director.testing.PathFixture.RST;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.VIP6;

import dev.tandem.director.testing.PacketBuilder;
import java.util.stream.Stream;

/** Packets over IPv6 that the director answers itself. */
final class Answer6Cases {
    private static final int ECHO = 128;
    private static final int ECHO_REPLY = 129;
    private static final int UNREACHABLE = 1;
    private static final int TOO_BIG = 2;
    private static final int TIME_EXCEEDED = 3;
    private static final int QUOTABLE = 1232;

    private Answer6Cases() {}

    static Stream<PacketCase> rows() {
        return Stream.of(pings(), resets(), errors()).flatMap(rows -> rows);
    }

    private static Stream<PacketCase> pings() {
        byte[] payload = new byte[33];
        return Stream.of(
                fromClient("ping6", icmp(CLIENT6, VIP6, ECHO, 0, 77, payload).ttl(5))
                        .toClient(icmp(VIP6, CLIENT6, ECHO_REPLY, 0, 77, payload)),
                fromClient(
                                "ping6, partial",
                                icmp(CLIENT6, VIP6, ECHO, 0, 77, payload).partialChecksum())
                        .toClient(icmp(VIP6, CLIENT6, ECHO_REPLY, 0, 77, payload)),
                fromClient(
                                "ping6 with a wrong checksum",
                                icmp(CLIENT6, VIP6, ECHO, 0, 77, payload).noTransportChecksum())
                        .dropped(DropReason.BAD_ICMP_CHECKSUM),
                fromClient("an echo reply", icmp(CLIENT6, VIP6, ECHO_REPLY, 0, 77, payload))
                        .dropped(DropReason.ICMP_OTHER),
                fromServer(
                                "ping6 to somebody else",
                                icmp(NAT_SERVER6, CLIENT6, ECHO, 0, 1, payload))
                        .dropped(DropReason.NOT_OURS));
    }

    private static Stream<PacketCase> resets() {
        return Stream.of(
                fromClient("a segment of no connection", tcp(CLIENT6, 45000, VIP6, 80, ACK, 10))
                        .dropped(DropReason.NO_CONNECTION)
                        .toClient(reset(80, RST, 2000, 0)),
                fromClient(
                                "a FIN behind options",
                                tcp(CLIENT6, 45000, VIP6, 80, FIN, 10).extension(60, new byte[6]))
                        .dropped(DropReason.NO_CONNECTION)
                        .toClient(reset(80, RST | ACK, 0, 1011)),
                fromClient("a reset of no connection", tcp(CLIENT6, 45000, VIP6, 80, RST, 0))
                        .dropped(DropReason.NO_CONNECTION),
                fromClient("a SYN to no service", tcp(CLIENT6, 45000, VIP6, 99, SYN, 0))
                        .dropped(DropReason.NO_SERVICE)
                        .toClient(reset(99, RST | ACK, 0, 1001)));
    }

    private static Stream<PacketCase> errors() {
        PacketBuilder noService = udp(CLIENT6, 5000, VIP6, 99, 30);
        PacketBuilder large = udp(CLIENT6, 5000, VIP6, 99, 1400);
        PacketBuilder dying = tcp(CLIENT6, 40000, VIP6, 80, ACK, 4).ttl(1);
        PacketBuilder dyingReply = tcp(NAT_SERVER6, 8080, CLIENT6, 40000, ACK, 0).ttl(1);
        PacketBuilder big = tcp(CLIENT6, 40001, VIP6, 81, ACK, 1441);
        PacketBuilder bigSegments = tcp(CLIENT6, 40000, VIP6, 80, ACK, 9000).segmented(1441);
        return Stream.of(
                fromClient("a datagram to a port without service", noService)
                        .dropped(DropReason.NO_SERVICE)
                        .toClient(icmp(VIP6, CLIENT6, UNREACHABLE, 4, 0, noService.quote(38))),
                fromClient("an error quotes no more than fits 1280 bytes", large)
                        .dropped(DropReason.NO_SERVICE)
                        .toClient(
                                icmp(VIP6, CLIENT6, UNREACHABLE, 4, 0, large.quote(QUOTABLE - 40))),
                fromClient("hop limit runs out", dying)
                        .dropped(DropReason.TTL_EXPIRED)
                        .toClient(icmp(VIP6, CLIENT6, TIME_EXCEEDED, 0, 0, dying.quote(24))),
                fromServer("hop limit of a reply runs out", dyingReply)
                        .dropped(DropReason.TTL_EXPIRED)
                        .toNatServer(
                                icmp(
                                        GATEWAY6,
                                        NAT_SERVER6,
                                        TIME_EXCEEDED,
                                        0,
                                        0,
                                        dyingReply.quote(20))),
                fromClient("too big for the route", big)
                        .dropped(DropReason.TOO_BIG)
                        .toClient(icmp(VIP6, CLIENT6, TOO_BIG, 0, 1500, big.quote(QUOTABLE - 40))),
                fromClient("segments too big for the route", bigSegments)
                        .dropped(DropReason.TOO_BIG)
                        .toClient(
                                icmp(
                                        VIP6,
                                        CLIENT6,
                                        TOO_BIG,
                                        0,
                                        1500,
                                        bigSegments.quote(QUOTABLE - 40))));
    }

    private static PacketBuilder reset(int port, int flags, int sequence, int acknowledgment) {
        return tcp(VIP6, port, CLIENT6, 45000, flags, 0)
                .with32(4, sequence)
                .with32(8, acknowledgment)
                .with32(12, 0x5000_0000 | flags << 16);
    }
}
