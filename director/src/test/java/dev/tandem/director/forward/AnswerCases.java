package dev.tandem.director.forward;

import static dev.tandem.director.forward.PacketCase.fromClient;
import static dev.tandem.director.forward.PacketCase.fromServer;
import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.DR_SERVER;
import static dev.tandem.director.testing.PathFixture.FIN;
import static dev.tandem.director.testing.PathFixture.GATEWAY;
import static dev.tandem.director.testing.PathFixture.INSIDE_HW;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.RST;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.VIP;

import dev.tandem.director.testing.PacketBuilder;
import java.util.stream.Stream;

/** Packets that the director answers itself: pings, resets, ICMP errors. */
final class AnswerCases {
    private static final int ECHO = 8;
    private static final int ECHO_REPLY = 0;
    private static final int UNREACHABLE = 3;
    private static final int TIME_EXCEEDED = 11;
    private static final int QUOTABLE = 548;

    private AnswerCases() {}

    static Stream<PacketCase> rows() {
        return Stream.of(pings(), resets(), unreachable(), limits()).flatMap(rows -> rows);
    }

    private static Stream<PacketCase> pings() {
        int rest = 0x1234_0001;
        byte[] payload = "are you there?".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return Stream.of(
                fromClient("ping", icmp(CLIENT, VIP, ECHO, 0, rest, payload).ttl(5))
                        .toClient(icmp(VIP, CLIENT, ECHO_REPLY, 0, rest, payload)),
                fromClient("ping without payload", icmp(CLIENT, VIP, ECHO, 0, rest, new byte[0]))
                        .toClient(icmp(VIP, CLIENT, ECHO_REPLY, 0, rest, new byte[0])),
                fromClient("padded ping", icmp(CLIENT, VIP, ECHO, 0, rest, payload).padding(4))
                        .toClient(icmp(VIP, CLIENT, ECHO_REPLY, 0, rest, payload)),
                fromClient(
                                "ping with a wrong checksum",
                                icmp(CLIENT, VIP, ECHO, 0, rest, payload).noTransportChecksum())
                        .dropped(DropReason.BAD_ICMP_CHECKSUM),
                fromClient("echo reply", icmp(CLIENT, VIP, ECHO_REPLY, 0, rest, payload))
                        .dropped(DropReason.ICMP_OTHER),
                fromClient("timestamp request", icmp(CLIENT, VIP, 13, 0, rest, new byte[12]))
                        .dropped(DropReason.ICMP_OTHER),
                fromServer("ping to somebody else", icmp(NAT_SERVER, CLIENT, ECHO, 0, 0, payload))
                        .dropped(DropReason.NOT_OURS));
    }

    private static Stream<PacketCase> resets() {
        return Stream.of(
                fromClient("a segment of no connection", tcp(CLIENT, 45000, VIP, 80, ACK, 10))
                        .dropped(DropReason.NO_CONNECTION)
                        .toClient(reset(VIP, 80, 45000, RST, 2000, 0)),
                fromClient("a FIN without ACK", tcp(CLIENT, 45000, VIP, 80, FIN, 10))
                        .dropped(DropReason.NO_CONNECTION)
                        .toClient(reset(VIP, 80, 45000, RST | ACK, 0, 1011)),
                fromClient("a reset of no connection", tcp(CLIENT, 45000, VIP, 80, RST, 0))
                        .dropped(DropReason.NO_CONNECTION),
                fromClient("SYN and RST at once", tcp(CLIENT, 45000, VIP, 80, SYN | RST, 0))
                        .dropped(DropReason.NO_CONNECTION),
                fromClient("a SYN to a port without service", tcp(CLIENT, 45000, VIP, 99, SYN, 0))
                        .dropped(DropReason.NO_SERVICE)
                        .toClient(reset(VIP, 99, 45000, RST | ACK, 0, 1001)),
                fromClient("a SYN to the other address", tcp(CLIENT, 45000, GATEWAY, 80, SYN, 0))
                        .dropped(DropReason.NO_SERVICE)
                        .toClient(reset(GATEWAY, 80, 45000, RST | ACK, 0, 1001)));
    }

    private static Stream<PacketCase> unreachable() {
        PacketBuilder noService = udp(CLIENT, 5000, VIP, 99, 30);
        PacketBuilder noServer = tcp(CLIENT, 45000, VIP, 82, SYN, 0);
        PacketBuilder large = udp(CLIENT, 5000, VIP, 99, 1400);
        return Stream.of(
                fromClient("a datagram to a port without service", noService)
                        .dropped(DropReason.NO_SERVICE)
                        .toClient(error(UNREACHABLE, 3, 0, noService.quote(38))),
                fromClient("a service without servers", noServer)
                        .dropped(DropReason.NO_SERVER)
                        .toClient(error(UNREACHABLE, 3, 0, noServer.quote(20))),
                fromClient("an error quotes no more than fits 576 bytes", large)
                        .dropped(DropReason.NO_SERVICE)
                        .toClient(error(UNREACHABLE, 3, 0, large.quote(QUOTABLE - 20))));
    }

    private static Stream<PacketCase> limits() {
        PacketBuilder dying = tcp(CLIENT, 40000, VIP, 80, ACK, 4).ttl(1);
        PacketBuilder dead = tcp(CLIENT, 40001, VIP, 81, ACK, 4).ttl(0);
        PacketBuilder dyingSyn = tcp(CLIENT, 45000, VIP, 80, SYN, 0).ttl(1);
        PacketBuilder dyingReply = tcp(NAT_SERVER, 8080, CLIENT, 40000, ACK, 0).ttl(1);
        PacketBuilder big = tcp(CLIENT, 40000, VIP, 80, ACK, 1461);
        PacketBuilder bigDr = tcp(CLIENT, 40001, VIP, 81, ACK, 1500);
        PacketBuilder bigSegments = tcp(CLIENT, 40000, VIP, 80, ACK, 9000).segmented(1461);
        return Stream.of(
                fromClient("TTL runs out", dying)
                        .dropped(DropReason.TTL_EXPIRED)
                        .toClient(error(TIME_EXCEEDED, 0, 0, dying.quote(24))),
                fromClient("TTL 0", dead)
                        .dropped(DropReason.TTL_EXPIRED)
                        .toClient(error(TIME_EXCEEDED, 0, 0, dead.quote(24))),
                fromClient("TTL runs out on a SYN", dyingSyn)
                        .dropped(DropReason.TTL_EXPIRED)
                        .toClient(error(TIME_EXCEEDED, 0, 0, dyingSyn.quote(20))),
                fromServer("TTL of a reply runs out", dyingReply)
                        .dropped(DropReason.TTL_EXPIRED)
                        .toNatServer(
                                icmp(GATEWAY, NAT_SERVER, TIME_EXCEEDED, 0, 0, dyingReply.quote(20))
                                        .identification(0)),
                fromClient("too big for the route", big)
                        .dropped(DropReason.TOO_BIG)
                        .toClient(error(UNREACHABLE, 4, 1500, big.quote(QUOTABLE - 20))),
                fromClient("too big for the route, DR", bigDr)
                        .dropped(DropReason.TOO_BIG)
                        .toClient(error(UNREACHABLE, 4, 1500, bigDr.quote(QUOTABLE - 20))),
                fromClient("segments too big for the route", bigSegments)
                        .dropped(DropReason.TOO_BIG)
                        .toClient(error(UNREACHABLE, 4, 1500, bigSegments.quote(QUOTABLE - 20))),
                fromServer(
                                "an address that no route leads to",
                                tcp(DR_SERVER, 1, "10.99.0.1", 1, ACK, 0)
                                        .hardware(INSIDE_HW, INSIDE_HW))
                        .dropped(DropReason.NOT_OURS));
    }

    private static PacketBuilder error(int type, int code, int rest, byte[] quoted) {
        return icmp(VIP, CLIENT, type, code, rest, quoted).identification(0);
    }

    private static PacketBuilder reset(
            String from, int port, int clientPort, int flags, int sequence, int acknowledgment) {
        return tcp(from, port, CLIENT, clientPort, flags, 0)
                .identification(0)
                .with32(4, sequence)
                .with32(8, acknowledgment)
                .with32(12, 0x5000_0000 | flags << 16);
    }
}
