package dev.tandem.director.forward;

import static dev.tandem.director.forward.PacketCase.fromClient;
import static dev.tandem.director.forward.PacketCase.fromServer;
import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.raw;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.VIP;

import java.util.stream.Stream;

/** Packets that nothing sensible can be done with. */
final class MalformedCases {
    private MalformedCases() {}

    static Stream<PacketCase> rows() {
        return Stream.of(
                fromClient("protocol 47", raw(47, CLIENT, VIP, new byte[64]))
                        .dropped(DropReason.UNKNOWN_PROTOCOL),
                fromClient("half a TCP header", raw(6, CLIENT, VIP, new byte[19]))
                        .dropped(DropReason.BAD_TRANSPORT_HEADER),
                fromClient(
                                "TCP data offset too small",
                                tcp(CLIENT, 40000, VIP, 80, ACK, 9).with(12, 0x40))
                        .dropped(DropReason.BAD_TRANSPORT_HEADER),
                fromClient(
                                "TCP data offset behind the end",
                                tcp(CLIENT, 40000, VIP, 80, ACK, 3).with(12, 0x60))
                        .dropped(DropReason.BAD_TRANSPORT_HEADER),
                fromClient("half a UDP header", raw(17, CLIENT, VIP, new byte[7]))
                        .dropped(DropReason.BAD_TRANSPORT_HEADER),
                fromClient("UDP length behind the end", udp(CLIENT, 5000, VIP, 53, 4).with(5, 13))
                        .dropped(DropReason.BAD_TRANSPORT_HEADER),
                fromClient(
                                "UDP length below the header's",
                                udp(CLIENT, 5000, VIP, 53, 4).with(5, 7))
                        .dropped(DropReason.BAD_TRANSPORT_HEADER),
                fromClient("half an ICMP header", raw(1, CLIENT, VIP, new byte[7]))
                        .dropped(DropReason.ICMP_MALFORMED),
                fromClient("from multicast", tcp("224.0.0.9", 1, VIP, 80, SYN, 0))
                        .dropped(DropReason.MARTIAN_SOURCE),
                fromClient("from broadcast", udp("255.255.255.255", 1, VIP, 53, 0))
                        .dropped(DropReason.MARTIAN_SOURCE),
                fromClient("from loopback", tcp("127.0.0.1", 1, VIP, 80, SYN, 0))
                        .dropped(DropReason.MARTIAN_SOURCE),
                fromClient("from nowhere", udp("0.0.0.0", 68, VIP, 53, 0))
                        .dropped(DropReason.MARTIAN_SOURCE),
                fromClient("from our own address", tcp(VIP, 80, VIP, 80, SYN, 0))
                        .dropped(DropReason.MARTIAN_SOURCE),
                fromClient("from our other address", icmp("10.77.2.100", VIP, 8, 0, 0, new byte[4]))
                        .dropped(DropReason.MARTIAN_SOURCE),
                fromServer("to somebody else", tcp(NAT_SERVER, 1, "10.77.9.9", 2, SYN, 0))
                        .dropped(DropReason.NOT_OURS));
    }
}
