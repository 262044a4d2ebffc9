package dev.tandem.tools.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.GatewayConfig;
import dev.tandem.director.config.GuardMode;
import dev.tandem.director.config.MarkRule;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.failover.config.Check;
import dev.tandem.failover.config.Check.Pace;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.ManualConfig;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.sync.table.TableConfig;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private static final Optional<TableConfig> TABLES =
            Optional.of(
                    new TableConfig(Optional.of(ip("10.0.3.1")), 8849, List.of(ip("10.0.3.2"))));

    private static final String MINIMAL =
            """
            node: a
            cluster: web
            director: {interfaces: [eth0]}
            addresses: [{address: 10.0.0.100, interface: eth0}]
            services:
              - {protocol: udp, address: 10.0.0.100, port: 53,
                 servers: [{address: 10.0.0.11, forwarding: dr}]}
            failover: {bind: 10.0.3.1, peers: [{node: b, address: 10.0.3.2}]}
            """;

    @Test
    void shouldReadFtpPortsAndTheGuardsSwitch() throws ConfigException {
        DirectorConfig some =
                director(MINIMAL.replace("[eth0]}", "[eth0], ftp-ports: [21, 2121]}"));
        assertEquals(List.of(21, 2121), some.ftpPorts());
        assertEquals(GuardMode.AUTO, some.hostGuard());
        DirectorConfig none =
                director(MINIMAL.replace("[eth0]}", "[eth0], ftp-ports: [], host-guard: off}"));
        assertEquals(List.of(), none.ftpPorts());
        assertEquals(GuardMode.OFF, none.hostGuard());
        assertEquals(List.of(21), director(MINIMAL).ftpPorts());
    }

    @Test
    void shouldReadWhatIsTracked() throws ConfigException {
        String track =
                """
                failover:
                  track:
                    interfaces:
                      - {interface: uplink}
                      - {interface: lan, weight: -20}
                    processes:
                      - {name: named, weight: 10, interval-ms: 200, rise: 2, fall: 3}
                      - {pid-file: /run/x.pid, fault: true}
                    scripts:
                      - {name: dns, command: [/bin/check, -v], weight: -253}
                      - {name: web, command: [/bin/check], fault: true, interval-ms: 500, timeout-ms: 100}
                  bind: 10.0.3.1
                  peers: [{node: b, address: 10.0.3.2}]
                """;
        int at = MINIMAL.indexOf("failover:");
        NodeConfig config = ConfigReader.parse("f", MINIMAL.substring(0, at) + track);
        Pace second = new Pace(1_000, 1, 1);
        assertEquals(
                List.of(
                        new Check.Interface("uplink", 0),
                        new Check.Interface("lan", -20),
                        new Check.Running("named", null, 10, new Pace(200, 2, 3)),
                        new Check.Running("", Path.of("/run/x.pid"), 0, second),
                        new Check.Script("dns", List.of("/bin/check", "-v"), -253, 1_000, second),
                        new Check.Script(
                                "web", List.of("/bin/check"), 0, 100, new Pace(500, 1, 1))),
                failover(config).track());
    }

    @Test
    void shouldReadWhoIsToldOfChanges() throws ConfigException {
        String told =
                """
                failover:
                  notify:
                    - {command: [/bin/tell, -x], states: [MASTER, FAULT], timeout-ms: 500, attempts: 2}
                    - {command: [/bin/log]}
                  bind: 10.0.3.1
                  peers: [{node: b, address: 10.0.3.2}]
                """;
        int at = MINIMAL.indexOf("failover:");
        NodeConfig config = ConfigReader.parse("f", MINIMAL.substring(0, at) + told);
        assertEquals(
                List.of(
                        new NotifyConfig(
                                List.of("/bin/tell", "-x"), Set.of("MASTER", "FAULT"), 500, 2),
                        new NotifyConfig(List.of("/bin/log"), Set.of(), 10_000, 5)),
                assertInstanceOf(Role.Pair.class, config.clusters().getFirst().role()).told());
    }

    private static DirectorConfig director(String text) throws ConfigException {
        return ConfigReader.parse("f", text).clusters().getFirst().director();
    }

    @Test
    void shouldFillInTheDefaults() throws ConfigException {
        NodeConfig config = ConfigReader.parse("f", MINIMAL);
        DirectorConfig director =
                new DirectorConfig(
                        List.of("eth0"),
                        AddressHolder.DIRECTOR,
                        List.of(new VirtualAddress(ip("10.0.0.100"), "eth0")),
                        List.of(
                                new VirtualServiceConfig(
                                        Transport.UDP,
                                        ip("10.0.0.100"),
                                        53,
                                        "wlc",
                                        List.of(
                                                new RealServerConfig(
                                                        ip("10.0.0.11"), 53, Forwarding.DR, 1)))),
                        List.of(),
                        Optional.empty(),
                        1048576,
                        0,
                        DirectorSettings.DEFAULT);
        FailoverConfig failover =
                new FailoverConfig(
                        "web",
                        "a",
                        ip("10.0.3.1"),
                        8850,
                        8851,
                        100,
                        false,
                        60_000,
                        null,
                        50,
                        6,
                        200,
                        200,
                        List.of(new FailoverConfig.Peer("b", ip("10.0.3.2"))),
                        "",
                        null,
                        List.of(),
                        List.of(),
                        null);
        ApiConfig api =
                new ApiConfig(
                        Path.of("/run/tandem/tandem.sock"), Path.of("/var/lib/tandem/reports"));
        assertEquals(
                new NodeConfig(
                        "a",
                        List.of(
                                new ClusterConfig(
                                        "web",
                                        new Role.Pair(failover, false, List.of()),
                                        director)),
                        api),
                config);
    }

    private static Optional<TableConfig> tables(String sync) throws ConfigException {
        return ConfigReader.parse("f", MINIMAL + "sync: {interface: eth1" + sync + "}\n")
                .clusters()
                .getFirst()
                .director()
                .sync()
                .orElseThrow()
                .tables();
    }

    @Test
    void shouldCompareTablesWithThePeersOfTheFailoverUnlessOthersAreNamed() throws ConfigException {
        assertEquals(TABLES, tables(""));
        assertEquals(
                Optional.of(new TableConfig(Optional.empty(), 9001, List.of(ip("10.9.9.9")))),
                tables(", table-port: 9001, table-peers: [10.9.9.9]"));
        assertEquals(
                Optional.of(new TableConfig(Optional.empty(), 8849, List.of(ip("10.9.9.8")))),
                tables(", peers: [10.9.9.8]"));
        assertEquals(Optional.empty(), tables(", table-port: 0"));
    }

    @Test
    void shouldFillInTheDefaultsOfTheKernelsSyncDaemon() throws ConfigException {
        NodeConfig config = ConfigReader.parse("f", MINIMAL + "sync: {interface: eth1}\n");
        assertEquals(
                Optional.of(
                        new SyncConfig(
                                SyncLinkConfig.of("eth1", ip("224.0.0.81"), 8848),
                                0,
                                1,
                                SyncPolicy.KERNEL_DEFAULT,
                                5,
                                HardeningConfig.OFF,
                                TABLES)),
                config.clusters().getFirst().director().sync());
    }

    @ParameterizedTest
    @CsvSource({"a, 10.77.3.1, b, 10.77.3.2", "b, 10.77.3.2, a, 10.77.3.1"})
    void shouldAcceptTheExamples(String node, String bind, String peer, String peerAddress)
            throws ConfigException, IOException {
        NodeConfig config = ConfigReader.read(Path.of("examples/" + node + ".yaml"));
        assertEquals(node, config.node());
        assertEquals(ip(bind), failover(config).bind());
        assertEquals(
                List.of(new FailoverConfig.Peer(peer, ip(peerAddress))), failover(config).peers());
        assertEquals(
                new RealServerConfig(ip("10.77.2.11"), 8080, Forwarding.NAT, 2),
                config.clusters().getFirst().director().services().getFirst().servers().getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel-peer", "many-clusters", "shadow", "services", "witness"})
    void shouldAcceptTheExamplesOfEveryRole(String name) throws ConfigException, IOException {
        NodeConfig config = ConfigReader.readWithoutKeys(Path.of("examples/" + name + ".yaml"));
        assertEquals(
                switch (name) {
                    case "kernel-peer" -> List.of("Manual");
                    case "many-clusters" -> List.of("Pair", "Pair", "Manual");
                    case "services", "witness" -> List.of("Pair");
                    default -> List.of("Shadow");
                },
                config.clusters().stream().map(c -> c.role().getClass().getSimpleName()).toList());
    }

    private static final String WITNESS =
            """
            node: w
            cluster: web
            role: witness
            failover:
              bind: 10.0.3.3
              peers:
                - {node: a, address: 10.0.3.1}
                - {node: b, address: 10.0.3.2}
            """;

    @Test
    void shouldReadAWitness() throws ConfigException {
        NodeConfig witness = ConfigReader.parse("f", WITNESS);
        assertTrue(witness.clusters().getFirst().isWitness());
        assertEquals("w", failover(witness).witness());
        assertEquals(Path.of("/var/lib/tandem/web.w.vote"), failover(witness).voteFile());

        NodeConfig director =
                ConfigReader.parse(
                        "f",
                        MINIMAL.replace(
                                "{node: b, address: 10.0.3.2}",
                                "{node: b, address: 10.0.3.2}, {node: w, address: 10.0.3.3,"
                                        + " witness: true}"));
        assertFalse(director.clusters().getFirst().isWitness());
        assertEquals("w", failover(director).witness());
        assertEquals(Path.of("/var/lib/tandem/web.a.vote"), failover(director).voteFile());
        assertEquals(2, failover(director).peers().size());
    }

    @Test
    void shouldReadAGateway() throws ConfigException {
        String text = MINIMAL.replace("{bind: 10.0.3.1", "{gateway: 10.0.0.1, bind: 10.0.3.1");
        assertEquals(ip("10.0.0.1"), failover(ConfigReader.parse("f", text)).gateway());
        assertEquals(Optional.of(new GatewayConfig(ip("10.0.0.1"), 25)), director(text).gateway());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.100 | 10.0.0.100 is a virtual address",
                "10.0.3.2 | 10.0.3.2 is a node of the cluster",
                "10.0.0.1, lease-ms: 50 | 50 must be 60 at least with a gateway",
                "yes | failover.gateway",
            })
    void shouldRefuseAGatewayThatCannotBe(String gateway, String why) {
        String text = MINIMAL.replace("{bind:", "{gateway: " + gateway + ", bind:");
        ConfigException e =
                assertThrows(ConfigException.class, () -> ConfigReader.parse("f", text));
        assertTrue(e.problems().toString().contains(why), e.problems().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "failover: | failover:\\n  gateway: 10.0.3.9 | only one of them can be the arbiter",
                "cluster: web | cluster: web\\ndirector: {interfaces: [e]} | is for nodes with a"
                        + " director; this is role witness",
                "{node: b, address: 10.0.3.2} | {node: b, address: 10.0.3.2, witness: true} | name a"
                        + " witness, and this node is one already",
                "    - {node: b, address: 10.0.3.2} | '' | must be two directors at least",
            })
    void shouldRefuseAWitnessThatCannotBe(String part, String instead, String why) {
        String text = WITNESS.replace(part, instead.replace("\\n", "\n"));
        ConfigException e =
                assertThrows(ConfigException.class, () -> ConfigReader.parse("f", text));
        assertTrue(e.problems().toString().contains(why), e.problems().toString());
    }

    @Test
    void shouldReadServicesOfEveryKind() throws ConfigException, IOException {
        DirectorConfig director =
                ConfigReader.read(Path.of("examples/services.yaml"))
                        .clusters()
                        .getFirst()
                        .director();

        assertEquals(
                List.of(
                        "TCP 192.0.2.10:443",
                        "TCP 192.0.2.10:0",
                        "UDP 192.0.2.10:53",
                        "SCTP 192.0.2.10:3868",
                        "TCP [2001:db8:0:0:0:0:0:10]:80",
                        "mark 1"),
                director.services().stream().map(service -> service.id().toString()).toList());
        assertEquals(
                List.of(
                        new ServiceOptions("wlc", 0, 300, 0xFFFFFF00, "", false),
                        new ServiceOptions("wlc", 0, 60, -1, "", false),
                        new ServiceOptions("sh", 0x18, 0, -1, "", true),
                        new ServiceOptions("mh", 0, 0, -1, "", false),
                        new ServiceOptions("wlc", 0, 300, 64, "", false),
                        new ServiceOptions("rr", 0, 0, -1, "", false)),
                director.services().stream().map(VirtualServiceConfig::options).toList());
        assertEquals(
                new RealServerConfig(
                        ip("10.0.0.12"), 8443, Forwarding.NAT, 1, 1000, 800, Tunnel.IPIP),
                director.services().getFirst().servers().getLast());
        assertEquals(0, director.services().get(1).servers().getFirst().port());
        assertEquals(
                List.of(
                        Tunnel.IPIP,
                        new Tunnel(Tunnel.Type.GRE, 0, Tunnel.Checksum.CSUM),
                        new Tunnel(Tunnel.Type.GUE, 6080, Tunnel.Checksum.NONE)),
                director.services().get(3).servers().stream()
                        .map(RealServerConfig::tunnel)
                        .toList());
        assertEquals(
                List.of(
                        new MarkRule(
                                1,
                                Optional.of(Transport.TCP),
                                Optional.empty(),
                                new MarkRule.Prefix(ip("192.0.2.10"), 32),
                                8000,
                                8099,
                                Optional.empty()),
                        new MarkRule(
                                1,
                                Optional.empty(),
                                Optional.of(new MarkRule.Prefix(ip("198.51.100.0"), 24)),
                                new MarkRule.Prefix(ip("203.0.113.0"), 24),
                                0,
                                65535,
                                Optional.of("eth0"))),
                director.marks());
    }

    @Test
    void shouldReadEverySettingOfTheKernelsSyncDaemon() throws ConfigException {
        String sync =
                """
                sync: {interface: eth1, syncid: 9, version: 0, group: "ff02::81", port: 9000, ports: 4,
                       ttl: 3, maxlen: 1400, queue: 1024, sock-size: 400000, threshold: 0, period: 1,
                       refresh-period: 10, retries: 3, persist-mode: true, flush-ms: 20}
                """;
        SyncConfig read =
                ConfigReader.parse("f", MINIMAL + sync)
                        .clusters()
                        .getFirst()
                        .director()
                        .sync()
                        .orElseThrow();
        InetAddress group = AddressSyntax.either("ff02::81").orElseThrow();
        assertEquals(
                new SyncConfig(
                        new SyncLinkConfig(
                                "eth1", group, List.of(), 9000, 4, 3, 1400, 1024, 400_000),
                        9,
                        0,
                        new SyncPolicy(0, 1, 10, 3, true),
                        20,
                        HardeningConfig.OFF,
                        TABLES),
                read);
    }

    @Test
    void shouldReadSettingsByTheKernelsNames() throws ConfigException {
        String settings =
                "settings: {secure_tcp: 3, sloppy_tcp: true, pmtu_disc: 0, timeout_udp: 180}\n";
        assertEquals(
                DirectorSettings.of(
                        Map.of(
                                Setting.SECURE_TCP, 3,
                                Setting.SLOPPY_TCP, 1,
                                Setting.PMTU_DISC, 0,
                                Setting.TIMEOUT_UDP, 180)),
                ConfigReader.parse("f", MINIMAL + settings)
                        .clusters()
                        .getFirst()
                        .director()
                        .settings());
    }

    @Test
    void shouldSendToPeersAndSignWithTheFirstKey(@TempDir Path dir)
            throws ConfigException, IOException {
        Path first = dir.resolve("new.key");
        Path second = dir.resolve("old.key");
        KeyFiles.make(first);
        KeyFiles.make(second);
        String sync =
                "sync: {interface: eth1, peers: [10.0.3.2, 10.0.3.3], keys: [{id: 2, file: "
                        + first
                        + "}, {id: 1, file: "
                        + second
                        + "}]}\n";
        SyncConfig read =
                ConfigReader.parse("f", MINIMAL + sync)
                        .clusters()
                        .getFirst()
                        .director()
                        .sync()
                        .orElseThrow();
        assertEquals(
                List.of(
                        new InetSocketAddress(ip("10.0.3.2"), 8848),
                        new InetSocketAddress(ip("10.0.3.3"), 8848)),
                read.link().peers());
        assertEquals(HardeningConfig.Mode.PERMISSIVE, read.hardening().mode());
        assertEquals(List.of(2, 1), read.hardening().keys().stream().map(SyncKey::id).toList());
        assertArrayEquals(KeyFiles.read(first), read.hardening().keys().getFirst().secret());
    }

    @Test
    void shouldGiveEachClusterItsOwn() throws ConfigException {
        NodeConfig config =
                ConfigReader.parse(
                        "f",
                        """
                        node: a
                        director: {interfaces: [eth0, eth1], connections: 2048}
                        clusters:
                          - cluster: web
                            addresses: [{address: 10.0.0.100, interface: eth0}]
                            services: []
                            failover: {bind: 10.0.3.1, peers: [{node: b, address: 10.0.3.2}]}
                          - cluster: db
                            director: {interfaces: [eth1], connections: 4096}
                            addresses: [{address: 10.0.1.100, interface: eth1}]
                            services: []
                            role: manual
                            manual: {lease-ms: 300}
                        """);
        assertEquals(
                List.of("web", "db"), config.clusters().stream().map(ClusterConfig::name).toList());
        DirectorConfig web = config.clusters().getFirst().director();
        DirectorConfig db = config.clusters().getLast().director();
        assertEquals(List.of("eth0", "eth1"), web.interfaces());
        assertEquals(2048, web.connectionLimit());
        assertEquals(List.of("eth1"), db.interfaces());
        assertEquals(4096, db.connectionLimit());
        assertEquals(
                new Role.Manual(new ManualConfig("db", "a", 300, 200, false)),
                config.clusters().getLast().role());
    }

    @ParameterizedTest
    @CsvSource({
        "services-replicated: true, true",
        "services-replicated: false, false",
        "'', false"
    })
    void shouldReplicateServicesWhenAskedTo(String line, boolean replicated)
            throws ConfigException {
        NodeConfig config = ConfigReader.parse("f", MINIMAL + line + "\n");
        Role.Pair pair = assertInstanceOf(Role.Pair.class, config.clusters().getFirst().role());
        assertEquals(replicated, pair.servicesReplicated());
    }

    @Test
    void shouldReadARoleThatStandsAlone() throws ConfigException {
        NodeConfig config =
                ConfigReader.parse(
                        "f",
                        """
                        node: a
                        cluster: web
                        role: standalone
                        director: {interfaces: [eth0]}
                        addresses: [{address: 10.0.0.100, interface: eth0}]
                        services: []
                        """);
        assertEquals(
                new Role.Manual(new ManualConfig("web", "a", 200, 200, true)),
                config.clusters().getFirst().role());
    }

    @Test
    void shouldNeedNoAddressesWhenTheHostHoldsThem() throws ConfigException {
        NodeConfig config =
                ConfigReader.parse(
                        "f",
                        """
                        node: a
                        cluster: web
                        role: standalone
                        address-holder: host
                        director: {interfaces: [eth0]}
                        services:
                          - {protocol: tcp, address: 10.0.0.100, port: 80, servers: []}
                        """);
        DirectorConfig director = config.clusters().getFirst().director();
        assertEquals(AddressHolder.HOST, director.addressHolder());
        assertEquals(List.of(), director.addresses());
    }

    @Test
    void shouldAcceptJson() throws ConfigException {
        String json =
                """
                {"node": "a", "cluster": "web", "director": {"interfaces": ["eth0"]},
                 "addresses": [{"address": "10.0.0.100", "interface": "eth0"}], "services": [],
                 "failover": {"bind": "10.0.3.1", "peers": [{"node": "b", "address": "10.0.3.2"}],
                              "preempt": true, "priority": 254}}
                """;
        NodeConfig config = ConfigReader.parse("f", json);
        assertEquals(254, failover(config).priority());
    }

    private static FailoverConfig failover(NodeConfig node) {
        return assertInstanceOf(Role.Pair.class, node.clusters().getFirst().role()).failover();
    }

    private static InetAddress ip(String text) {
        return AddressSyntax.ipv4(text).orElseThrow();
    }
}
