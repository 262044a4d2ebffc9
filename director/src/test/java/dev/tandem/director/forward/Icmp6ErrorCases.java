package dev.tandem.director.forward;

import static dev.tandem.director.forward.PacketCase.fromClient;
import static dev.tandem.director.forward.PacketCase.fromServer;
import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.sctp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.CLIENT6;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER6;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER6;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.VIP6;

import dev.tandem.director.testing.PacketBuilder;
import java.util.stream.Stream;

/** ICMPv6 errors about packets of connections, and errors about SCTP. */
final class Icmp6ErrorCases {
    private static final String ROUTER = "2001:db8:1::ffff";
    private static final int UNREACHABLE = 1;
    private static final int TOO_BIG = 2;
    private static final int TIME_EXCEEDED = 3;
    private static final int PARAMETER_PROBLEM = 4;
    private static final int REDIRECT = 137;

    private Icmp6ErrorCases() {}

    static Stream<PacketCase> rows() {
        return Stream.of(toServer(), toClient(), refused(), sctpErrors()).flatMap(rows -> rows);
    }

    private static PacketBuilder replyOutside() {
        return tcp(VIP6, 80, CLIENT6, 40000, ACK, 100);
    }

    /** The same reply as the server sent it; what is quoted keeps the sum that the client saw. */
    private static byte[] replyInside(int bytes) {
        return sameSum(
                tcp(NAT_SERVER6, 8080, CLIENT6, 40000, ACK, 100).quote(bytes),
                replyOutside().quote(bytes),
                40 + 16);
    }

    private static Stream<PacketCase> toServer() {
        byte[] outside = replyOutside().quote(80);
        return Stream.of(
                fromClient("too big, NAT", icmp(ROUTER, VIP6, TOO_BIG, 0, 1280, outside))
                        .toNatServer(
                                icmp(ROUTER, NAT_SERVER6, TOO_BIG, 0, 1280, replyInside(80))
                                        .ttl(63)),
                fromClient(
                                "an odd number of quoted bytes",
                                icmp(ROUTER, VIP6, TIME_EXCEEDED, 0, 0, replyOutside().quote(11)))
                        .toNatServer(
                                icmp(ROUTER, NAT_SERVER6, TIME_EXCEEDED, 0, 0, replyInside(11))
                                        .ttl(63)),
                fromClient(
                                "a parameter problem behind options",
                                icmp(
                                        CLIENT6,
                                        VIP6,
                                        PARAMETER_PROBLEM,
                                        0,
                                        6,
                                        replyOutside().extension(60, new byte[6]).quote(8)))
                        .toNatServer(
                                icmp(
                                                CLIENT6,
                                                NAT_SERVER6,
                                                PARAMETER_PROBLEM,
                                                0,
                                                6,
                                                tcp(NAT_SERVER6, 8080, CLIENT6, 40000, ACK, 100)
                                                        .extension(60, new byte[6])
                                                        .quote(8))
                                        .ttl(63)),
                fromClient(
                                "DR: passed on as it is",
                                icmp(
                                        ROUTER,
                                        VIP6,
                                        TOO_BIG,
                                        0,
                                        1280,
                                        tcp(VIP6, 81, CLIENT6, 40001, ACK, 9).quote(29)))
                        .toDrServer(
                                icmp(
                                                ROUTER,
                                                VIP6,
                                                TOO_BIG,
                                                0,
                                                1280,
                                                tcp(VIP6, 81, CLIENT6, 40001, ACK, 9).quote(29))
                                        .ttl(63)));
    }

    private static Stream<PacketCase> toClient() {
        return Stream.of(
                fromServer(
                                "port unreachable, from the server",
                                icmp(
                                        DNS_SERVER6,
                                        CLIENT6,
                                        UNREACHABLE,
                                        4,
                                        0,
                                        sameSum(
                                                udp(CLIENT6, 5000, DNS_SERVER6, 5353, 20).quote(28),
                                                udp(CLIENT6, 5000, VIP6, 53, 20).quote(28),
                                                46)))
                        .toClient(
                                icmp(
                                                VIP6,
                                                CLIENT6,
                                                UNREACHABLE,
                                                4,
                                                0,
                                                udp(CLIENT6, 5000, VIP6, 53, 20).quote(28))
                                        .ttl(63)));
    }

    private static Stream<PacketCase> refused() {
        byte[] outside = replyOutside().quote(20);
        return Stream.of(
                fromClient(
                                "wrong checksum",
                                icmp(ROUTER, VIP6, UNREACHABLE, 0, 0, outside)
                                        .noTransportChecksum())
                        .dropped(DropReason.BAD_ICMP_CHECKSUM),
                fromClient(
                                "TTL runs out: no error about an error",
                                icmp(ROUTER, VIP6, UNREACHABLE, 0, 0, outside).ttl(1))
                        .dropped(DropReason.TTL_EXPIRED),
                fromClient("a redirect is neighbour discovery", redirect()),
                fromClient(
                                "quotes an error",
                                icmp(
                                        ROUTER,
                                        VIP6,
                                        UNREACHABLE,
                                        0,
                                        0,
                                        icmp(VIP6, CLIENT6, UNREACHABLE, 0, 0, outside).quote(40)))
                        .dropped(DropReason.ICMP_NO_CONNECTION),
                fromClient(
                                "quotes too little",
                                icmp(ROUTER, VIP6, UNREACHABLE, 0, 0, replyOutside().quote(7)))
                        .dropped(DropReason.ICMP_MALFORMED),
                fromClient(
                                "quotes IPv4",
                                icmp(
                                        ROUTER,
                                        VIP6,
                                        UNREACHABLE,
                                        0,
                                        0,
                                        tcp(VIP, 80, CLIENT, 40000, ACK, 90).quote(60)))
                        .dropped(DropReason.ICMP_MALFORMED));
    }

    private static PacketBuilder redirect() {
        return icmp(ROUTER, VIP6, REDIRECT, 0, 0, new byte[40]);
    }

    private static Stream<PacketCase> sctpErrors() {
        return Stream.of(
                fromClient(
                                "SCTP: too big, to the server",
                                icmp(
                                        "10.77.1.1",
                                        VIP,
                                        3,
                                        4,
                                        1280,
                                        sctp(VIP, 90, CLIENT, 40010, 0, 100).quote(8)))
                        .toNatServer(
                                icmp(
                                                "10.77.1.1",
                                                NAT_SERVER,
                                                3,
                                                4,
                                                1280,
                                                sctp(NAT_SERVER, 9090, CLIENT, 40010, 0, 100)
                                                        .quote(8))
                                        .ttl(63)),
                fromServer(
                                "SCTP: unreachable, to the client",
                                icmp(
                                        NAT_SERVER,
                                        CLIENT,
                                        3,
                                        2,
                                        0,
                                        sctp(CLIENT, 40010, NAT_SERVER, 9090, 0, 100).quote(8)))
                        .toClient(
                                icmp(
                                                VIP,
                                                CLIENT,
                                                3,
                                                2,
                                                0,
                                                sctp(CLIENT, 40010, VIP, 90, 0, 100).quote(8))
                                        .ttl(63)));
    }

    /** The quoted transport checksum is not translated. */
    private static byte[] sameSum(byte[] translated, byte[] original, int field) {
        byte[] copy = translated.clone();
        for (int i = field; i < field + 2 && i < copy.length; i++) {
            copy[i] = original[i];
        }
        return copy;
    }
}
