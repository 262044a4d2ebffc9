package dev.tandem.director.forward;

import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static dev.tandem.director.testing.PathFixture.fromServer;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.MarkRule;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.service.MarkRules;
import dev.tandem.director.testing.Lan;
import dev.tandem.director.testing.PacketBuilder;
import dev.tandem.director.testing.PathFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules of marks that change while connections live. */
class MarksPathTest {
    private static final int PORT = 7000;
    private static final int DESTINATION = PacketBuilder.VNET + PacketBuilder.ETHERNET + 16;
    private static final int SOURCE = PacketBuilder.VNET + PacketBuilder.ETHERNET + 12;

    @Test
    void shouldMarkNewConnectionsByNewRulesAndLeaveTheOthersWhereTheyAre() {
        try (PathFixture fixture = new PathFixture().owning()) {
            fixture.services.replace(List.of(service(7, NAT_SERVER), service(8, DNS_SERVER)));
            mark(fixture, 7);
            assertEquals(NAT_SERVER, destination(fixture, 50_000, SYN));
            mark(fixture, 8);

            assertEquals(NAT_SERVER, destination(fixture, 50_000, ACK), "it is connected there");
            assertEquals(DNS_SERVER, destination(fixture, 50_001, SYN));

            fixture.services.marks(MarkRules.NONE);

            assertEquals(NAT_SERVER, destination(fixture, 50_000, ACK));
            assertEquals(DNS_SERVER, destination(fixture, 50_001, ACK));
            fixture.receive(fixture.inside, fromServer(reply(NAT_SERVER, 50_000)).build());
            assertEquals(VIP, address(fixture.takeSent().getFirst().frame(), SOURCE));
            assertEquals(Map.of(), fixture.counters.drops());
            int connections = fixture.table.size();
            fixture.receive(fixture.outside, request(50_002, SYN));
            assertEquals(Map.of(DropReason.NO_SERVICE, 1L), fixture.counters.drops());
            assertEquals(connections, fixture.table.size());
        }
    }

    private static VirtualServiceConfig service(int fwmark, String server) {
        return new VirtualServiceConfig(
                new ServiceId.MarkService(fwmark, false),
                ServiceOptions.of("rr", false),
                List.of(new RealServerConfig(Lan.inet(server), 0, Forwarding.NAT, 1)));
    }

    private static void mark(PathFixture fixture, int fwmark) {
        MarkRule rule =
                new MarkRule(
                        fwmark,
                        Optional.of(Transport.TCP),
                        Optional.empty(),
                        new MarkRule.Prefix(Lan.inet(VIP), 32),
                        PORT,
                        PORT,
                        Optional.empty());
        fixture.services.marks(new MarkRules(List.of(rule), _ -> 0));
    }

    private static byte[] request(int clientPort, int flags) {
        return fromClient(tcp(CLIENT, clientPort, VIP, PORT, flags, 0)).build();
    }

    private static PacketBuilder reply(String server, int clientPort) {
        return tcp(server, PORT, CLIENT, clientPort, ACK, 9);
    }

    /** Where a client's segment was sent to. */
    private static String destination(PathFixture fixture, int clientPort, int flags) {
        fixture.receive(fixture.outside, request(clientPort, flags));
        return address(fixture.takeSent().getFirst().frame(), DESTINATION);
    }

    private static String address(byte[] frame, int offset) {
        return "%d.%d.%d.%d"
                .formatted(
                        frame[offset] & 0xFF,
                        frame[offset + 1] & 0xFF,
                        frame[offset + 2] & 0xFF,
                        frame[offset + 3] & 0xFF);
    }
}
