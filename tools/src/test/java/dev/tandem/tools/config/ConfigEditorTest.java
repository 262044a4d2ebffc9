package dev.tandem.tools.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.ServiceId.MarkService;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.config.VirtualServiceConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigEditorTest {
    private static final String BEFORE =
            """
            # the pair in the cellar
            node: a
            cluster: web
            role: manual
            director: {interfaces: [outside, inside]}   # both
            addresses:
              - {address: 198.51.100.10, interface: outside}
              - {address: 10.77.2.100, interface: inside}
            """;
    private static final String SERVICES =
            """
            services:                     # as agreed with marketing
              # the shop
              - protocol: tcp
                address: 198.51.100.10
                port: 80
                scheduler: wlc            # never rr
                servers:
                  - {address: 10.77.2.11, port: 8080, forwarding: nat, weight: 2}
                  # the old one
                  - {address: 10.77.2.12, port: 8080, forwarding: nat}

              # names
              - protocol: udp
                address: 198.51.100.10
                port: 53
                scheduler: rr
                servers: [{address: 10.77.2.11, forwarding: nat}]
            """;
    private static final String AFTER =
            """

            # the rest
            api:
              socket: /run/tandem/tandem.sock
            """;

    private static List<VirtualServiceConfig> services(String text) throws ConfigException {
        return ConfigReader.parse("a.yaml", text).clusters().getFirst().director().services();
    }

    private static String edit(String text, List<VirtualServiceConfig> services)
            throws ConfigException, IOException {
        return edit(text, services, settings(text));
    }

    private static DirectorSettings settings(String text) throws ConfigException {
        return ConfigReader.parse("a.yaml", text).clusters().getFirst().director().settings();
    }

    private static String edit(
            String text, List<VirtualServiceConfig> services, DirectorSettings settings)
            throws ConfigException, IOException {
        return ConfigEditor.edit(
                "a.yaml", text, Map.of("web", new ConfigEditor.Live(services, settings)));
    }

    private static VirtualServiceConfig tcp(int port, RealServerConfig... servers) {
        return new VirtualServiceConfig(
                Transport.TCP,
                InetAddress.ofLiteral("198.51.100.10"),
                port,
                "wlc",
                List.of(servers));
    }

    private static RealServerConfig nat(String address, int port, int weight) {
        return new RealServerConfig(InetAddress.ofLiteral(address), port, Forwarding.NAT, weight);
    }

    @Test
    void shouldLeaveTheTextAloneWhenNothingHasChanged() throws Exception {
        String text = BEFORE + SERVICES + AFTER;
        assertEquals(text, edit(text, services(text)));
    }

    @Test
    void shouldKeepEverythingButTheServiceThatChanged() throws Exception {
        String text = BEFORE + SERVICES + AFTER;
        List<VirtualServiceConfig> changed = new ArrayList<>(services(text));
        changed.set(1, tcp(53, nat("10.77.2.11", 53, 1)));
        changed.set(0, tcp(80, nat("10.77.2.11", 8080, 7), nat("10.77.2.13", 80, 1)));

        assertEquals(
                BEFORE
                        + """
                        services:                     # as agreed with marketing
                          # the shop
                          - protocol: tcp
                            address: 198.51.100.10
                            port: 80
                            scheduler: wlc
                            servers:
                              - {address: 10.77.2.11, port: 8080, forwarding: nat, weight: 7}
                              - {address: 10.77.2.13, forwarding: nat}
                          - protocol: tcp
                            address: 198.51.100.10
                            port: 53
                            scheduler: wlc
                            servers:
                              - {address: 10.77.2.11, forwarding: nat}
                        """
                        + AFTER,
                edit(text, changed));
    }

    @Test
    void shouldRemoveOneAndKeepTheOthersLines() throws Exception {
        String text = BEFORE + SERVICES + AFTER;

        String edited = edit(text, services(text).subList(1, 2));

        assertTrue(edited.contains("  # names\n  - protocol: udp\n"), edited);
        assertTrue(edited.contains("servers: [{address: 10.77.2.11, forwarding: nat}]\n"), edited);
        assertTrue(!edited.contains("8080") && edited.endsWith(AFTER), edited);
    }

    @Test
    void shouldEmptyAndFillAgain() throws Exception {
        List<VirtualServiceConfig> one = List.of(tcp(80, nat("10.77.2.11", 80, 1)));
        String empty = edit(BEFORE + SERVICES + AFTER, List.of());

        assertEquals(BEFORE + "services: []\n" + AFTER, empty);
        String filled = edit(empty, one);
        assertEquals(one, services(filled));
        assertEquals(filled, edit(filled, one));
        assertTrue(filled.startsWith(BEFORE + "services:\n  - protocol: tcp\n"), filled);
    }

    @Test
    void shouldEditTheClusterThatIsMeant() throws Exception {
        String text =
                """
                node: a
                director: {interfaces: [outside]}
                clusters:
                  - cluster: web
                    role: manual
                    addresses:
                      - {address: 198.51.100.10, interface: outside}
                    services:
                      - protocol: tcp
                        address: 198.51.100.10
                        port: 80
                        servers:
                          - {address: 10.77.2.11, forwarding: nat}
                  - cluster: db   # the other
                    role: manual
                    addresses:
                      - {address: 198.51.100.20, interface: outside}
                    services:
                      - {protocol: tcp, address: 198.51.100.20, port: 5432, servers: [{address: 10.77.2.13, forwarding: nat}]}
                """;

        String edited = edit(text, List.of(tcp(81, nat("10.77.2.11", 81, 1))), settings(text));

        assertEquals(
                text.replace(
                        "port: 80\n        servers:",
                        "port: 81\n        scheduler: wlc\n        servers:"),
                edited);
    }

    @Test
    void shouldWriteSettingsThatTheFileDoesNotHave() throws Exception {
        String text = BEFORE + SERVICES + AFTER;
        DirectorSettings now =
                DirectorSettings.of(
                        Map.of(
                                Setting.DROP_ENTRY,
                                1,
                                Setting.AMEMTHRESH,
                                64,
                                Setting.SLOPPY_TCP,
                                0));

        assertEquals(
                text
                        + """
                        settings:
                          amemthresh: 64
                          drop_entry: 1
                        """,
                edit(text, services(text), now));
    }

    @Test
    void shouldChangeSettingsWhereTheyStand() throws Exception {
        String text =
                BEFORE
                        + """
                        settings:
                            # against floods
                            drop_entry: 1     # as advised
                            sloppy_tcp: true
                            timeout_udp: 60
                        """
                        + SERVICES
                        + AFTER;
        DirectorSettings now =
                settings(text)
                        .with(Setting.DROP_ENTRY, 0)
                        .with(Setting.TIMEOUT_UDP, 300)
                        .with(Setting.SECURE_TCP, 3);

        assertEquals(
                text.replace("drop_entry: 1 ", "drop_entry: 0 ")
                        .replace("timeout_udp: 60\n", "timeout_udp: 300\n    secure_tcp: 3\n"),
                edit(text, services(text), now));
    }

    @Test
    void shouldWriteServicesAndSettingsOfOneClusterAmongSeveral() throws Exception {
        String text =
                """
                node: a
                director: {interfaces: [outside]}
                clusters:
                  - cluster: web
                    role: manual
                    addresses:
                      - {address: 198.51.100.10, interface: outside}
                    services: []
                  - cluster: db
                    role: manual
                    addresses:
                      - {address: 198.51.100.20, interface: outside}
                    settings: {drop_entry: 1, timeout_udp: 60}   # gone with the braces
                    services: []
                """;
        String edited =
                ConfigEditor.edit(
                        "a.yaml",
                        text,
                        Map.of(
                                "web",
                                new ConfigEditor.Live(
                                        List.of(tcp(80)),
                                        DirectorSettings.DEFAULT.with(Setting.PMTU_DISC, 0)),
                                "db",
                                new ConfigEditor.Live(
                                        List.of(),
                                        DirectorSettings.DEFAULT.with(Setting.TIMEOUT_UDP, 61))));

        assertEquals(
                """
                node: a
                director: {interfaces: [outside]}
                clusters:
                  - cluster: web
                    role: manual
                    addresses:
                      - {address: 198.51.100.10, interface: outside}
                    services:
                      - protocol: tcp
                        address: 198.51.100.10
                        port: 80
                        scheduler: wlc
                        servers: []
                    settings:
                      pmtu_disc: 0
                  - cluster: db
                    role: manual
                    addresses:
                      - {address: 198.51.100.20, interface: outside}
                    settings:
                      timeout_udp: 61
                    services: []
                """,
                edited);
    }

    @Test
    void shouldWriteServicesOfEveryKindSoThatTheyComeBack() throws Exception {
        InetAddress virtual = InetAddress.ofLiteral("198.51.100.10");
        InetAddress ipv6 = InetAddress.ofLiteral("2001:db8::11");
        List<VirtualServiceConfig> all =
                List.of(
                        new VirtualServiceConfig(
                                new AddressService(Transport.UDP, virtual, 5060),
                                new ServiceOptions("sh", 0x18, 60, 0xFFFFFF00, "sip", true),
                                List.of(
                                        new RealServerConfig(
                                                InetAddress.ofLiteral("10.77.2.11"),
                                                5060,
                                                Forwarding.TUNNEL,
                                                0,
                                                100,
                                                75,
                                                new Tunnel(
                                                        Tunnel.Type.GUE,
                                                        6080,
                                                        Tunnel.Checksum.REMCSUM)))),
                        new VirtualServiceConfig(
                                new AddressService(Transport.SCTP, virtual, 0),
                                new ServiceOptions("mh", 0x20, 300, -1, "", false),
                                List.of()),
                        new VirtualServiceConfig(
                                new MarkService(-1, true),
                                new ServiceOptions("wlc", 0, 300, 64, "", false),
                                List.of(new RealServerConfig(ipv6, 0, Forwarding.NAT, 1))));

        assertEquals(all, services(edit(BEFORE + SERVICES + AFTER, all)));
    }

    @Test
    void shouldRefuseWhatCannotBeReadAgain() {
        VirtualServiceConfig elsewhere =
                new VirtualServiceConfig(
                        Transport.TCP,
                        InetAddress.ofLiteral("203.0.113.1"),
                        80,
                        "wlc",
                        List.of(nat("10.77.2.11", 80, 1)));

        ConfigException e =
                assertThrows(
                        ConfigException.class,
                        () -> edit(BEFORE + SERVICES + AFTER, List.of(elsewhere)));
        String why = String.valueOf(e.getMessage());
        assertTrue(why.contains("203.0.113.1 is not one of the virtual addresses"), why);
    }

    @Test
    void shouldRefuseAFileInBraces() {
        String text =
                "{node: a, cluster: web, role: manual, director: {interfaces: [o]},"
                        + " addresses: [{address: 198.51.100.10, interface: o}], services: []}";
        assertThrows(
                IOException.class, () -> edit(text, List.of(tcp(80, nat("10.7.2.11", 80, 1)))));
    }
}
