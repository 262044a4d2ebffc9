package dev.tandem.director.forward;

import static dev.tandem.director.forward.PacketCase.fromClient;
import static dev.tandem.director.forward.PacketCase.fromServer;
import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.VIP;

import dev.tandem.director.testing.PacketBuilder;
import java.util.Arrays;
import java.util.stream.Stream;

/** ICMP errors about packets of connections, in both directions. */
final class IcmpErrorCases {
    private static final String ROUTER = "10.50.0.1";
    private static final int UNREACHABLE = 3;
    private static final int QUENCH = 4;
    private static final int TIME_EXCEEDED = 11;

    /** A NAT server's segment as it left for the client, and as the server had sent it. */
    private static final PacketBuilder REPLY_OUTSIDE = tcp(VIP, 80, CLIENT, 40000, ACK, 100).ttl(9);

    private static final PacketBuilder REPLY_INSIDE =
            tcp(NAT_SERVER, 8080, CLIENT, 40000, ACK, 100).ttl(9);

    /** A client's segment as it reached the server, and as the client had sent it. */
    private static final PacketBuilder REQUEST_INSIDE =
            tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, 100).ttl(9);

    private static final PacketBuilder REQUEST_OUTSIDE =
            tcp(CLIENT, 40000, VIP, 80, ACK, 100).ttl(9);

    private IcmpErrorCases() {}

    static Stream<PacketCase> rows() {
        return Stream.of(toServer(), toClient(), refused()).flatMap(rows -> rows);
    }

    private static Stream<PacketCase> toServer() {
        byte[] outside = REPLY_OUTSIDE.quote(8);
        byte[] inside = REPLY_INSIDE.quote(8);
        PacketBuilder dr = tcp(VIP, 81, CLIENT, 40001, ACK, 50);
        return Stream.of(
                fromClient(
                                "fragmentation needed, from a router",
                                icmp(ROUTER, VIP, UNREACHABLE, 4, 1400, outside))
                        .toNatServer(
                                icmp(ROUTER, NAT_SERVER, UNREACHABLE, 4, 1400, inside).ttl(63)),
                fromClient(
                                "time exceeded, from a router",
                                icmp(ROUTER, VIP, TIME_EXCEEDED, 0, 0, outside))
                        .toNatServer(icmp(ROUTER, NAT_SERVER, TIME_EXCEEDED, 0, 0, inside).ttl(63)),
                fromClient(
                                "source quench, from the client",
                                icmp(CLIENT, VIP, QUENCH, 0, 0, outside))
                        .toNatServer(icmp(CLIENT, NAT_SERVER, QUENCH, 0, 0, inside).ttl(63)),
                fromClient(
                                "port unreachable about a datagram",
                                icmp(
                                        CLIENT,
                                        VIP,
                                        UNREACHABLE,
                                        3,
                                        0,
                                        udp(VIP, 53, CLIENT, 5000, 0).quote(8)))
                        .toDnsServer(
                                icmp(CLIENT, DNS_SERVER, UNREACHABLE, 3, 0, quotedDatagram())
                                        .ttl(63)),
                fromClient(
                                "about a DR connection: unchanged",
                                icmp(ROUTER, VIP, UNREACHABLE, 4, 1300, dr.quote(8)))
                        .toDrServer(icmp(ROUTER, VIP, UNREACHABLE, 4, 1300, dr.quote(8)).ttl(63)),
                fromClient(
                                "the quoted packet had IP options",
                                icmp(
                                        ROUTER,
                                        VIP,
                                        UNREACHABLE,
                                        1,
                                        0,
                                        tcp(VIP, 80, CLIENT, 40000, ACK, 0)
                                                .options(new byte[12])
                                                .quote(20)))
                        .toNatServer(
                                icmp(
                                                ROUTER,
                                                NAT_SERVER,
                                                UNREACHABLE,
                                                1,
                                                0,
                                                sameTransportChecksum(
                                                        tcp(NAT_SERVER, 8080, CLIENT, 40000, ACK, 0)
                                                                .options(new byte[12])
                                                                .quote(20),
                                                        tcp(VIP, 80, CLIENT, 40000, ACK, 0)
                                                                .options(new byte[12])
                                                                .quote(20),
                                                        32))
                                        .ttl(63)));
    }

    private static Stream<PacketCase> toClient() {
        byte[] inside = REQUEST_INSIDE.quote(8);
        byte[] outside = REQUEST_OUTSIDE.quote(8);
        return Stream.of(
                fromServer(
                                "port unreachable, from the server",
                                icmp(NAT_SERVER, CLIENT, UNREACHABLE, 3, 0, inside))
                        .toClient(icmp(VIP, CLIENT, UNREACHABLE, 3, 0, outside).ttl(63)),
                fromServer(
                                "fragmentation needed, from a router behind the director",
                                icmp("10.77.2.1", CLIENT, UNREACHABLE, 4, 1280, inside))
                        .toClient(icmp(VIP, CLIENT, UNREACHABLE, 4, 1280, outside).ttl(63)),
                fromServer(
                                "with an odd number of quoted bytes",
                                icmp(
                                        NAT_SERVER,
                                        CLIENT,
                                        TIME_EXCEEDED,
                                        1,
                                        0,
                                        REQUEST_INSIDE.quote(13)))
                        .toClient(
                                icmp(VIP, CLIENT, TIME_EXCEEDED, 1, 0, REQUEST_OUTSIDE.quote(13))
                                        .ttl(63)));
    }

    private static Stream<PacketCase> refused() {
        byte[] outside = REPLY_OUTSIDE.quote(8);
        byte[] fragment = tcp(VIP, 80, CLIENT, 40000, ACK, 100).fragmentWord(0x20).quote(8);
        return Stream.of(
                fromClient(
                                "a redirect is not for us",
                                icmp(ROUTER, VIP, 5, 1, 0, REPLY_OUTSIDE.quote(8)))
                        .dropped(DropReason.ICMP_OTHER),
                fromClient(
                                "of no connection",
                                icmp(
                                        ROUTER,
                                        VIP,
                                        UNREACHABLE,
                                        1,
                                        0,
                                        tcp(VIP, 80, CLIENT, 49999, ACK, 9).quote(8)))
                        .dropped(DropReason.ICMP_NO_CONNECTION),
                fromClient(
                                "wrong checksum",
                                icmp(ROUTER, VIP, UNREACHABLE, 1, 0, outside).noTransportChecksum())
                        .dropped(DropReason.BAD_ICMP_CHECKSUM),
                fromClient(
                                "quotes too little",
                                icmp(ROUTER, VIP, UNREACHABLE, 1, 0, REPLY_OUTSIDE.quote(7)))
                        .dropped(DropReason.ICMP_MALFORMED),
                fromClient("quotes nothing", icmp(ROUTER, VIP, UNREACHABLE, 1, 0, new byte[0]))
                        .dropped(DropReason.ICMP_MALFORMED),
                fromClient(
                                "quotes a later fragment",
                                icmp(ROUTER, VIP, UNREACHABLE, 1, 0, fragment))
                        .dropped(DropReason.ICMP_NO_CONNECTION),
                fromClient(
                                "quotes somebody else's packet",
                                icmp(
                                        ROUTER,
                                        VIP,
                                        UNREACHABLE,
                                        1,
                                        0,
                                        tcp("10.77.1.77", 80, CLIENT, 40000, ACK, 9).quote(8)))
                        .dropped(DropReason.ICMP_NO_CONNECTION),
                fromClient(
                                "TTL runs out: no error about an error",
                                icmp(ROUTER, VIP, UNREACHABLE, 1, 0, outside).ttl(1))
                        .dropped(DropReason.TTL_EXPIRED),
                fromServer(
                                "of no connection, from a server",
                                icmp(
                                        NAT_SERVER,
                                        CLIENT,
                                        UNREACHABLE,
                                        3,
                                        0,
                                        tcp(CLIENT, 1, NAT_SERVER, 8080, ACK, 0).quote(8)))
                        .dropped(DropReason.NOT_OURS),
                fromServer(
                                "wrong checksum, from a server",
                                icmp(NAT_SERVER, CLIENT, UNREACHABLE, 3, 0, REQUEST_INSIDE.quote(8))
                                        .noTransportChecksum())
                        .dropped(DropReason.BAD_ICMP_CHECKSUM));
    }

    /** The quoted UDP checksum is not translated. */
    private static byte[] quotedDatagram() {
        return sameTransportChecksum(
                udp(DNS_SERVER, 5353, CLIENT, 5000, 0).quote(8),
                udp(VIP, 53, CLIENT, 5000, 0).quote(8),
                20);
    }

    private static byte[] sameTransportChecksum(byte[] translated, byte[] original, int transport) {
        byte[] copy = Arrays.copyOf(translated, translated.length);
        int field = transport + (original[9] == 17 ? 6 : 16);
        copy[field] = original[field];
        copy[field + 1] = original[field + 1];
        return copy;
    }
}
