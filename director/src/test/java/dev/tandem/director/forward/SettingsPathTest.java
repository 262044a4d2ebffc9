package dev.tandem.director.forward;

import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.GATEWAY;
import static dev.tandem.director.testing.PathFixture.INSIDE_HW;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.RST;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static dev.tandem.director.testing.PathFixture.fromServer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Setting;
import dev.tandem.director.testing.PacketBuilder;
import dev.tandem.director.testing.PathFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What settings change about the way of packets. */
class SettingsPathTest {
    private static final int IP = PacketBuilder.VNET + PacketBuilder.ETHERNET;

    @Test
    void shouldLetTunnelPacketsBeFragmentedWithoutPathMtuDiscovery() {
        try (PathFixture fixture = fixture(Setting.PMTU_DISC, 0)) {
            fixture.receive(
                    fixture.outside, fromClient(tcp(CLIENT, 40002, VIP, 83, ACK, 1460)).build());
            List<PathFixture.Sent> sent = fixture.takeSent();

            assertEquals(Map.of(), fixture.counters.drops());
            assertEquals(2, sent.size(), "two fragments of the outer packet");
            assertEquals(0x20, sent.getFirst().frame()[IP + 6], "more fragments, and may be");
        }
    }

    @Test
    void shouldScheduleErrorAboutUnknownConnectionWhenAsked() {
        byte[] error =
                fromClient(
                                icmp(
                                        CLIENT,
                                        VIP,
                                        3,
                                        4,
                                        1280,
                                        tcp(VIP, 80, CLIENT, 49999, ACK, 9).quote(8)))
                        .build();
        try (PathFixture fixture = fixture(Setting.SCHEDULE_ICMP, 1)) {
            int before = fixture.table.size();
            fixture.receive(fixture.outside, error);

            byte[] sent = fixture.takeSent().getFirst().frame();
            assertEquals(11, sent[IP + 19], NAT_SERVER);
            assertEquals(before + 1, fixture.table.size());
        }
        try (PathFixture fixture = fixture(Setting.SCHEDULE_ICMP, 0)) {
            fixture.receive(fixture.outside, error);

            assertEquals(Map.of(DropReason.ICMP_NO_CONNECTION, 1L), fixture.counters.drops());
        }
    }

    @Test
    void shouldResetClientOfServerThatIsGoneWhenAsked() {
        for (int asked = 0; asked < 2; asked++) {
            try (PathFixture fixture = fixture(Setting.NODEST_RESET, asked)) {
                fixture.services.replace(List.of());
                fixture.receive(
                        fixture.outside, fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 9)).build());
                fixture.receive(fixture.outside, fromClient(udp(CLIENT, 5000, VIP, 53, 9)).build());

                assertEquals(Map.of(DropReason.SERVER_GONE, 2L), fixture.counters.drops());
                assertEquals(asked, fixture.counters.resets());
                assertEquals(asked, fixture.takeSent().size());
            }
        }
    }

    @Test
    void shouldTellNatServerThatItsConnectionIsNoMoreWhenAsked() {
        PacketBuilder stray = fromServer(tcp(NAT_SERVER, 8080, CLIENT, 49999, ACK, 9));
        for (int asked = 0; asked < 2; asked++) {
            try (PathFixture fixture = fixture(Setting.NAT_ICMP_SEND, asked)) {
                fixture.receive(fixture.inside, stray.build());
                fixture.receive(
                        fixture.inside,
                        fromServer(tcp(NAT_SERVER, 8080, CLIENT, 49999, RST, 0)).build());
                fixture.receive(
                        fixture.inside,
                        fromServer(tcp(NAT_SERVER, 22, CLIENT, 49999, ACK, 0)).build());

                assertEquals(asked, fixture.counters.dropped(DropReason.NO_CONNECTION));
                List<PathFixture.Sent> sent = fixture.takeSent();
                assertEquals(asked, sent.size());
                if (asked == 1) {
                    assertArrayEquals(
                            icmp(GATEWAY, NAT_SERVER, 3, 3, 0, stray.quote(29))
                                    .identification(0)
                                    .hardware(INSIDE_HW, NAT_SERVER_HW)
                                    .build(),
                            sent.getFirst().frame());
                }
            }
        }
    }

    @Test
    void shouldLeaveWhatConcernsNobodyToTheHost() {
        try (PathFixture fixture = fixture(Setting.PMTU_DISC, 1)) {
            fixture.receive(
                    fixture.outside,
                    fromClient(tcp(CLIENT, 1, PathFixture.TUNNEL_SOURCE, 22, ACK, 9)).build());

            assertEquals(Map.of(DropReason.NOT_OURS, 1L), fixture.counters.drops());
            assertTrue(fixture.takeSent().isEmpty());
        }
    }

    private static PathFixture fixture(Setting setting, int value) {
        PathFixture fixture = new PathFixture().owning().connected().established();
        fixture.connections
                .settings()
                .replace(fixture.connections.settings().now().with(setting, value));
        return fixture;
    }
}
