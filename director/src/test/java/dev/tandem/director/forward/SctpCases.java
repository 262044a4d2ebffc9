package dev.tandem.director.forward;

import static dev.tandem.director.forward.PacketCase.fromClient;
import static dev.tandem.director.forward.PacketCase.fromServer;
import static dev.tandem.director.testing.PacketBuilder.raw;
import static dev.tandem.director.testing.PacketBuilder.sctp;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.CLIENT6;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER6;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.VIP6;

import java.util.stream.Stream;

/** SCTP, whose checksum covers ports, but no addresses; AH and ESP, which have no ports. */
final class SctpCases {
    private static final int DATA = 0;

    private SctpCases() {}

    static Stream<PacketCase> rows() {
        return Stream.of(
                fromClient("SCTP, NAT", sctp(CLIENT, 40010, VIP, 90, DATA, 33))
                        .toNatServer(sctp(CLIENT, 40010, NAT_SERVER, 9090, DATA, 33).ttl(63)),
                fromServer("SCTP to the client", sctp(NAT_SERVER, 9090, CLIENT, 40010, DATA, 8))
                        .toClient(sctp(VIP, 90, CLIENT, 40010, DATA, 8).ttl(63)),
                fromClient("SCTP, NAT, IPv6", sctp(CLIENT6, 40010, VIP6, 90, DATA, 1300))
                        .toNatServer(sctp(CLIENT6, 40010, NAT_SERVER6, 9090, DATA, 1300).ttl(63)),
                fromServer("SCTP, IPv6", sctp(NAT_SERVER6, 9090, CLIENT6, 40010, DATA, 7))
                        .toClient(sctp(VIP6, 90, CLIENT6, 40010, DATA, 7).ttl(63)),
                fromClient("SCTP, DR", sctp(CLIENT, 40012, VIP, 92, DATA, 33))
                        .toDrServer(sctp(CLIENT, 40012, VIP, 92, DATA, 33).ttl(63)),
                fromClient(
                                "a checksum that the interface was to make",
                                sctp(CLIENT, 40010, VIP, 90, DATA, 33).partialChecksum())
                        .toNatServer(sctp(CLIENT, 40010, NAT_SERVER, 9090, DATA, 33).ttl(63)),
                fromClient(
                                "a checksum that the interface was to make, DR",
                                sctp(CLIENT, 40012, VIP, 92, DATA, 33).partialChecksum())
                        .toDrServer(sctp(CLIENT, 40012, VIP, 92, DATA, 33).ttl(63)),
                fromClient(
                                "a wrong checksum is not made right",
                                sctp(CLIENT, 40010, VIP, 90, DATA, 33).noTransportChecksum())
                        .dropped(DropReason.BAD_TRANSPORT_CHECKSUM),
                fromServer(
                                "a wrong checksum of a server",
                                sctp(NAT_SERVER, 9090, CLIENT, 40010, DATA, 8)
                                        .noTransportChecksum())
                        .dropped(DropReason.BAD_TRANSPORT_CHECKSUM),
                fromClient("the same port", sctp(CLIENT, 40011, VIP, 91, DATA, 3))
                        .toNatServer(sctp(CLIENT, 40011, NAT_SERVER, 91, DATA, 3).ttl(63)),
                fromClient("ESP goes the way of its IKE", raw(50, CLIENT, VIP, new byte[40]))
                        .toDrServer(raw(50, CLIENT, VIP, new byte[40]).ttl(63)),
                fromClient("AH too", raw(51, CLIENT, VIP, new byte[40]))
                        .toDrServer(raw(51, CLIENT, VIP, new byte[40]).ttl(63)),
                fromClient("ESP over IPv6", raw(50, CLIENT6, VIP6, new byte[40]))
                        .toDrServer(raw(50, CLIENT6, VIP6, new byte[40]).ttl(63)),
                fromClient("ESP of no IKE", raw(50, "10.77.1.8", VIP, new byte[40]))
                        .dropped(DropReason.NO_CONNECTION),
                fromClient("half an ESP header", raw(50, CLIENT, VIP, new byte[7]))
                        .dropped(DropReason.BAD_TRANSPORT_HEADER),
                fromClient("half a header", raw(132, CLIENT, VIP, new byte[11]))
                        .dropped(DropReason.BAD_TRANSPORT_HEADER));
    }
}
