package dev.tandem.director.forward;

import static dev.tandem.director.forward.PacketCase.fromClient;
import static dev.tandem.director.forward.PacketCase.fromServer;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.RST;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.VIP;

import java.util.stream.Stream;

/** Packets that are forwarded: NAT in both directions, direct routing. */
final class ForwardingCases {
    private static final int CWR = 0x80;
    private static final byte NOP = 1;

    private ForwardingCases() {}

    static Stream<PacketCase> rows() {
        return Stream.of(toServer(), toClient(), checksums(), shapes()).flatMap(rows -> rows);
    }

    private static Stream<PacketCase> toServer() {
        return Stream.of(
                fromClient("a SYN is scheduled", tcp(CLIENT, 41000, VIP, 80, SYN, 0))
                        .toNatServer(tcp(CLIENT, 41000, NAT_SERVER, 8080, SYN, 0).ttl(63)),
                fromClient("a SYN+ACK is scheduled", tcp(CLIENT, 41000, VIP, 80, SYN | ACK, 0))
                        .toNatServer(tcp(CLIENT, 41000, NAT_SERVER, 8080, SYN | ACK, 0).ttl(63)),
                fromClient("NAT, connection known", tcp(CLIENT, 40000, VIP, 80, ACK, 100))
                        .toNatServer(tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, 100).ttl(63)),
                fromClient("a reset of a connection", tcp(CLIENT, 40000, VIP, 80, RST, 0))
                        .toNatServer(tcp(CLIENT, 40000, NAT_SERVER, 8080, RST, 0).ttl(63)),
                fromClient("DR, new", tcp(CLIENT, 41000, VIP, 81, SYN, 0))
                        .toDrServer(tcp(CLIENT, 41000, VIP, 81, SYN, 0).ttl(63)),
                fromClient("DR, connection known", tcp(CLIENT, 40001, VIP, 81, ACK, 7))
                        .toDrServer(tcp(CLIENT, 40001, VIP, 81, ACK, 7).ttl(63)),
                fromClient("UDP, new", udp(CLIENT, 5100, VIP, 53, 20))
                        .toDnsServer(udp(CLIENT, 5100, DNS_SERVER, 5353, 20).ttl(63)),
                fromClient("UDP, known", udp(CLIENT, 5000, VIP, 53, 21))
                        .toDnsServer(udp(CLIENT, 5000, DNS_SERVER, 5353, 21).ttl(63)),
                fromClient("UDP, DR", udp(CLIENT, 5001, VIP, 54, 3))
                        .toDrServer(udp(CLIENT, 5001, VIP, 54, 3).ttl(63)),
                fromClient("the last hop but one", tcp(CLIENT, 40000, VIP, 80, ACK, 0).ttl(2))
                        .toNatServer(tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, 0).ttl(1)),
                fromClient("the highest TTL", tcp(CLIENT, 40001, VIP, 81, ACK, 0).ttl(255))
                        .toDrServer(tcp(CLIENT, 40001, VIP, 81, ACK, 0).ttl(254)));
    }

    private static Stream<PacketCase> toClient() {
        return Stream.of(
                fromServer("a server's SYN+ACK", tcp(NAT_SERVER, 8080, CLIENT, 40000, SYN | ACK, 0))
                        .toClient(tcp(VIP, 80, CLIENT, 40000, SYN | ACK, 0).ttl(63)),
                fromServer("a server's data", tcp(NAT_SERVER, 8080, CLIENT, 40000, ACK, 1460))
                        .toClient(tcp(VIP, 80, CLIENT, 40000, ACK, 1460).ttl(63)),
                fromServer("a server's reset", tcp(NAT_SERVER, 8080, CLIENT, 40000, RST, 0))
                        .toClient(tcp(VIP, 80, CLIENT, 40000, RST, 0).ttl(63)),
                fromServer("a server's datagram", udp(DNS_SERVER, 5353, CLIENT, 5000, 99))
                        .toClient(udp(VIP, 53, CLIENT, 5000, 99).ttl(63)),
                fromServer("another port of the server", tcp(NAT_SERVER, 22, CLIENT, 40000, ACK, 0))
                        .dropped(DropReason.NOT_OURS),
                fromServer("another client port", tcp(NAT_SERVER, 8080, CLIENT, 40002, ACK, 0))
                        .dropped(DropReason.NOT_OURS),
                fromServer("a server of a DR service", tcp("10.77.2.12", 81, CLIENT, 40001, ACK, 0))
                        .dropped(DropReason.NOT_OURS),
                fromServer("a stranger", tcp("10.77.2.99", 8080, CLIENT, 40000, ACK, 0))
                        .dropped(DropReason.NOT_OURS));
    }

    private static Stream<PacketCase> checksums() {
        return Stream.of(
                fromClient(
                                "partial TCP checksum",
                                tcp(CLIENT, 40000, VIP, 80, ACK, 100).partialChecksum())
                        .toNatServer(
                                tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, 100)
                                        .partialChecksum()
                                        .ttl(63)),
                fromServer(
                                "partial TCP checksum to the client",
                                tcp(NAT_SERVER, 8080, CLIENT, 40000, ACK, 100).partialChecksum())
                        .toClient(tcp(VIP, 80, CLIENT, 40000, ACK, 100).partialChecksum().ttl(63)),
                fromClient("partial UDP checksum", udp(CLIENT, 5000, VIP, 53, 11).partialChecksum())
                        .toDnsServer(
                                udp(CLIENT, 5000, DNS_SERVER, 5353, 11).partialChecksum().ttl(63)),
                fromClient(
                                "UDP without a checksum gets one",
                                udp(CLIENT, 5000, VIP, 53, 13).noTransportChecksum())
                        .toDnsServer(udp(CLIENT, 5000, DNS_SERVER, 5353, 13).ttl(63)),
                fromServer(
                                "UDP without a checksum to the client",
                                udp(DNS_SERVER, 5353, CLIENT, 5000, 14).noTransportChecksum())
                        .toClient(udp(VIP, 53, CLIENT, 5000, 14).ttl(63)),
                fromClient("super-frame", tcp(CLIENT, 40000, VIP, 80, ACK, 60_000).segmented(1448))
                        .toNatServer(
                                tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, 60_000)
                                        .segmented(1448)
                                        .ttl(63)),
                fromServer(
                                "super-frame to the client",
                                tcp(NAT_SERVER, 8080, CLIENT, 40000, ACK, 65_000).segmented(1460))
                        .toClient(tcp(VIP, 80, CLIENT, 40000, ACK, 65_000).segmented(1460).ttl(63)),
                fromClient(
                                "super-frame, DR",
                                tcp(CLIENT, 40001, VIP, 81, ACK, 30_000).segmented(1448))
                        .toDrServer(
                                tcp(CLIENT, 40001, VIP, 81, ACK, 30_000).segmented(1448).ttl(63)));
    }

    private static Stream<PacketCase> shapes() {
        return Stream.of(
                fromClient(
                                "IP options",
                                tcp(CLIENT, 40000, VIP, 80, ACK, 9).options(NOP, NOP, NOP, NOP))
                        .toNatServer(
                                tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, 9)
                                        .options(NOP, NOP, NOP, NOP)
                                        .ttl(63)),
                fromServer(
                                "IP options to the client",
                                tcp(NAT_SERVER, 8080, CLIENT, 40000, ACK, 9).options(new byte[40]))
                        .toClient(
                                tcp(VIP, 80, CLIENT, 40000, ACK, 9).options(new byte[40]).ttl(63)),
                fromClient("padding is cut off", tcp(CLIENT, 40000, VIP, 80, ACK, 0).padding(6))
                        .toNatServer(tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, 0).ttl(63)),
                fromClient("type of service stays", tcp(CLIENT, 40000, VIP, 80, ACK, 0).tos(0xB9))
                        .toNatServer(
                                tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, 0).tos(0xB9).ttl(63)),
                fromClient("any TCP flags", tcp(CLIENT, 40000, VIP, 80, ACK | CWR, 0))
                        .toNatServer(tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK | CWR, 0).ttl(63)),
                fromClient(
                                "may be fragmented, and fits",
                                tcp(CLIENT, 40000, VIP, 80, ACK, 1460).fragmentWord(0))
                        .toNatServer(
                                tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, 1460)
                                        .fragmentWord(0)
                                        .ttl(63)));
    }
}
