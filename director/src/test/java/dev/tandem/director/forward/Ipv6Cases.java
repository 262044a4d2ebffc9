package dev.tandem.director.forward;

import static dev.tandem.director.forward.PacketCase.fromClient;
import static dev.tandem.director.forward.PacketCase.fromServer;
import static dev.tandem.director.testing.PacketBuilder.raw;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT6;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER6;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER6;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.VIP6;

import java.util.stream.Stream;

/** TCP and UDP over IPv6: NAT in both directions, direct routing, extension headers. */
final class Ipv6Cases {
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AH = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final byte[] EMPTY = new byte[6];

    private Ipv6Cases() {}

    static Stream<PacketCase> rows() {
        return Stream.of(forwarded(), checksums(), extensions(), refused()).flatMap(rows -> rows);
    }

    private static Stream<PacketCase> forwarded() {
        return Stream.of(
                fromClient("IPv6 NAT", tcp(CLIENT6, 40000, VIP6, 80, ACK, 100))
                        .toNatServer(tcp(CLIENT6, 40000, NAT_SERVER6, 8080, ACK, 100).ttl(63)),
                fromServer("IPv6 NAT to the client", tcp(NAT_SERVER6, 8080, CLIENT6, 40000, ACK, 9))
                        .toClient(tcp(VIP6, 80, CLIENT6, 40000, ACK, 9).ttl(63)),
                fromClient("IPv6 DR", tcp(CLIENT6, 40001, VIP6, 81, ACK, 7))
                        .toDrServer(tcp(CLIENT6, 40001, VIP6, 81, ACK, 7).ttl(63)),
                fromClient("IPv6 UDP", udp(CLIENT6, 5000, VIP6, 53, 21).tos(0xB9))
                        .toDnsServer(udp(CLIENT6, 5000, DNS_SERVER6, 5353, 21).tos(0xB9).ttl(63)),
                fromServer("IPv6 UDP to the client", udp(DNS_SERVER6, 5353, CLIENT6, 5000, 1))
                        .toClient(udp(VIP6, 53, CLIENT6, 5000, 1).ttl(63)),
                fromClient("padding is cut off", udp(CLIENT6, 5000, VIP6, 53, 2).padding(4))
                        .toDnsServer(udp(CLIENT6, 5000, DNS_SERVER6, 5353, 2).ttl(63)),
                fromClient("the last hop but one", tcp(CLIENT6, 40000, VIP6, 80, ACK, 0).ttl(2))
                        .toNatServer(tcp(CLIENT6, 40000, NAT_SERVER6, 8080, ACK, 0).ttl(1)));
    }

    private static Stream<PacketCase> checksums() {
        return Stream.of(
                fromClient(
                                "partial checksum",
                                tcp(CLIENT6, 40000, VIP6, 80, ACK, 100).partialChecksum())
                        .toNatServer(
                                tcp(CLIENT6, 40000, NAT_SERVER6, 8080, ACK, 100)
                                        .partialChecksum()
                                        .ttl(63)),
                fromServer(
                                "partial UDP checksum to the client",
                                udp(DNS_SERVER6, 5353, CLIENT6, 5000, 5).partialChecksum())
                        .toClient(udp(VIP6, 53, CLIENT6, 5000, 5).partialChecksum().ttl(63)),
                fromClient(
                                "super-frame",
                                tcp(CLIENT6, 40000, VIP6, 80, ACK, 60_000).segmented(1428))
                        .toNatServer(
                                tcp(CLIENT6, 40000, NAT_SERVER6, 8080, ACK, 60_000)
                                        .segmented(1428)
                                        .ttl(63)),
                fromClient(
                                "UDP without a checksum gets one",
                                udp(CLIENT6, 5000, VIP6, 53, 13).noTransportChecksum())
                        .toDnsServer(udp(CLIENT6, 5000, DNS_SERVER6, 5353, 13).ttl(63)));
    }

    private static Stream<PacketCase> extensions() {
        return Stream.of(
                fromClient(
                                "hop-by-hop and destination options",
                                tcp(CLIENT6, 40000, VIP6, 80, ACK, 9)
                                        .extension(HOP_BY_HOP, EMPTY)
                                        .extension(DESTINATION_OPTIONS, new byte[14]))
                        .toNatServer(
                                tcp(CLIENT6, 40000, NAT_SERVER6, 8080, ACK, 9)
                                        .extension(HOP_BY_HOP, EMPTY)
                                        .extension(DESTINATION_OPTIONS, new byte[14])
                                        .ttl(63)),
                fromServer(
                                "a routing header that is done with",
                                udp(DNS_SERVER6, 5353, CLIENT6, 5000, 3).extension(ROUTING, EMPTY))
                        .toClient(
                                udp(VIP6, 53, CLIENT6, 5000, 3).extension(ROUTING, EMPTY).ttl(63)),
                fromClient(
                                "an atomic fragment",
                                tcp(CLIENT6, 40000, VIP6, 80, ACK, 9).extension(FRAGMENT, EMPTY))
                        .toNatServer(
                                tcp(CLIENT6, 40000, NAT_SERVER6, 8080, ACK, 9)
                                        .extension(FRAGMENT, EMPTY)
                                        .ttl(63)),
                fromClient(
                                "behind an authentication header",
                                tcp(CLIENT6, 40001, VIP6, 81, ACK, 9).extension(AH, new byte[22]))
                        .toDrServer(
                                tcp(CLIENT6, 40001, VIP6, 81, ACK, 9)
                                        .extension(AH, new byte[22])
                                        .ttl(63)),
                fromClient(
                                "super-frame behind options",
                                tcp(CLIENT6, 40000, VIP6, 80, ACK, 9000)
                                        .extension(DESTINATION_OPTIONS, EMPTY)
                                        .segmented(1400))
                        .toNatServer(
                                tcp(CLIENT6, 40000, NAT_SERVER6, 8080, ACK, 9000)
                                        .extension(DESTINATION_OPTIONS, EMPTY)
                                        .segmented(1400)
                                        .ttl(63)));
    }

    private static Stream<PacketCase> refused() {
        return Stream.of(
                fromClient(
                                "a routing header that names others",
                                tcp(CLIENT6, 40000, VIP6, 80, ACK, 0)
                                        .extension(
                                                ROUTING, (byte) 0, (byte) 1, (byte) 0, (byte) 0,
                                                (byte) 0, (byte) 0))
                        .dropped(DropReason.SOURCE_ROUTED),
                fromClient(
                                "hop-by-hop options not in front",
                                tcp(CLIENT6, 40000, VIP6, 80, ACK, 0)
                                        .extension(DESTINATION_OPTIONS, EMPTY)
                                        .extension(HOP_BY_HOP, EMPTY))
                        .dropped(DropReason.BAD_IP_HEADER),
                fromClient("no next header", raw(59, CLIENT6, VIP6, new byte[8]))
                        .dropped(DropReason.UNKNOWN_PROTOCOL),
                fromClient("ICMP over IPv6", raw(1, CLIENT6, VIP6, new byte[8]))
                        .dropped(DropReason.UNKNOWN_PROTOCOL),
                fromClient("options behind the end", raw(60, CLIENT6, VIP6, new byte[] {6, 9, 0}))
                        .dropped(DropReason.BAD_IP_HEADER),
                fromClient("half a TCP header", raw(6, CLIENT6, VIP6, new byte[19]))
                        .dropped(DropReason.BAD_TRANSPORT_HEADER),
                fromClient("UDP length behind the end", udp(CLIENT6, 1, VIP6, 53, 4).with(5, 13))
                        .dropped(DropReason.BAD_TRANSPORT_HEADER),
                fromClient("from multicast", udp("ff02::1", 1, VIP6, 53, 4))
                        .dropped(DropReason.MARTIAN_SOURCE),
                fromClient("from loopback", udp("::1", 1, VIP6, 53, 4))
                        .dropped(DropReason.MARTIAN_SOURCE),
                fromClient("from nowhere", tcp("::", 1, VIP6, 80, SYN, 0))
                        .dropped(DropReason.MARTIAN_SOURCE),
                fromClient("to nobody we know", tcp(CLIENT6, 1, "2001:db8::77", 80, SYN, 0))
                        .dropped(DropReason.NOT_OURS));
    }
}
