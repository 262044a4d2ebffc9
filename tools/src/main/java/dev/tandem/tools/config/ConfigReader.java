package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.absolutePath;
import static dev.tandem.tools.config.Syntax.flag;
import static dev.tandem.tools.config.Syntax.hostAddress;
import static dev.tandem.tools.config.Syntax.integer;
import static dev.tandem.tools.config.Syntax.interfaceName;
import static dev.tandem.tools.config.Syntax.multicastGroup;
import static dev.tandem.tools.config.Syntax.name;
import static dev.tandem.tools.config.Syntax.networkAddress;
import static dev.tandem.tools.config.Syntax.oneOf;
import static dev.tandem.tools.config.Syntax.port;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.FailoverConfig.Peer;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads a node's configuration file. Touches nothing but the file: no name server, no interface, no
 * socket, so that a file can be checked on any machine.
 */
public final class ConfigReader {
    private static final Syntax<InetAddress> GROUP = multicastGroup();

    /** IP_VS_SYNC_GROUP of net/netfilter/ipvs/ip_vs_sync.c. */
    private static final InetAddress DEFAULT_GROUP = AddressSyntax.ipv4("224.0.0.81").orElseThrow();

    /** struct sockaddr_un: 108 bytes with the terminating zero. */
    private static final int MAX_SOCKET_PATH = 107;

    private static final int MAX_PATH = 4095;
    private static final int DAY_MS = 86_400_000;

    private ConfigReader() {}

    /**
     * Reads and checks a file.
     *
     * @throws ConfigException with everything that is wrong in it
     * @throws IOException when it cannot be read
     */
    public static NodeConfig read(Path file) throws ConfigException, IOException {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (CharacterCodingException _) {
            throw new ConfigException(
                    List.of(new Problem(file.toString(), 1, "", "this is not UTF-8 text")));
        }
    }

    /** Reads and checks a text; {@code file} is the name that messages begin with. */
    static NodeConfig parse(String file, String text) throws ConfigException {
        Problems problems = new Problems(file);
        try {
            Section root = Section.root(problems, YamlReader.read(text));
            NodeConfig config = node(root);
            root.close();
            new CrossChecks(problems).check(config);
            problems.throwIfAny();
            return config;
        } catch (YamlReader.Refused e) {
            throw new ConfigException(
                    List.of(new Problem(file, e.line(), "", String.valueOf(e.getMessage()))));
        }
    }

    private static NodeConfig node(Section root) {
        String node = root.required("node", name());
        String cluster = root.required("cluster", name());
        DirectorConfig director = director(root);
        FailoverConfig failover =
                root.requiredBlock("failover", section -> failover(section, node, cluster));
        ApiConfig api =
                root.optionalBlock("api", ConfigReader::api)
                        .orElse(new ApiConfig(ApiConfig.DEFAULT_SOCKET, ApiConfig.DEFAULT_REPORTS));
        return new NodeConfig(node, cluster, director, failover, api);
    }

    private static DirectorConfig director(Section root) {
        List<VirtualAddress> addresses =
                root.blocks("addresses", "virtual addresses", ConfigReader::virtualAddress);
        List<VirtualServiceConfig> services =
                root.blocks("services", "virtual services", ConfigReader::service);
        Optional<SyncConfig> sync = root.optionalBlock("sync", ConfigReader::sync);
        return root.requiredBlock(
                "director",
                section ->
                        new DirectorConfig(
                                section.values("interfaces", "interface names", interfaceName()),
                                addresses,
                                services,
                                sync,
                                section.optional("connections", integer(1024, 1 << 24), 1 << 20),
                                section.optional("spin-micros", integer(0, 1_000_000), 0)));
    }

    private static VirtualAddress virtualAddress(Section section) {
        return new VirtualAddress(
                section.required("address", networkAddress()),
                section.required("interface", interfaceName()));
    }

    private static VirtualServiceConfig service(Section section) {
        Transport protocol = section.required("protocol", oneOf(Transport.class));
        InetAddress address = section.required("address", networkAddress());
        int port = section.required("port", port());
        return new VirtualServiceConfig(
                protocol,
                address,
                port,
                section.optional("scheduler", oneOf(List.of("rr", "wrr", "wlc")), "wlc"),
                section.blocks("servers", "real servers", server -> server(server, port)));
    }

    private static RealServerConfig server(Section section, int servicePort) {
        return new RealServerConfig(
                section.required("address", networkAddress()),
                section.optional("port", port(), servicePort),
                section.required("forwarding", oneOf(Forwarding.class)),
                section.optional("weight", integer(0, Integer.MAX_VALUE), 1));
    }

    private static SyncConfig sync(Section section) {
        return new SyncConfig(
                SyncLinkConfig.of(
                        section.required("interface", interfaceName()),
                        section.optional("group", GROUP, DEFAULT_GROUP),
                        section.optional("port", port(), SyncLinkConfig.DEFAULT_PORT)),
                section.optional("syncid", integer(0, 255), 0),
                1,
                new SyncPolicy(
                        section.optional("threshold", integer(0, Integer.MAX_VALUE), 3),
                        section.optional("period", integer(0, Integer.MAX_VALUE), 50),
                        0,
                        0),
                section.optional("flush-ms", integer(1, 10_000), SyncConfig.DEFAULT_FLUSH_MS),
                HardeningConfig.OFF);
    }

    private static FailoverConfig failover(Section section, String node, String cluster) {
        return new FailoverConfig(
                cluster,
                node,
                section.required("bind", hostAddress()),
                section.optional("heartbeat-port", port(), 8850),
                section.optional("group-port", port(), 8851),
                section.optional("priority", integer(1, 254), 100),
                section.optional("preempt", flag(), false),
                section.optional("preempt-delay-ms", integer(0, DAY_MS), 60_000),
                section.optional("heartbeat-interval-ms", integer(5, 10_000), 50),
                section.optional("heartbeat-count", integer(2, 100), 6),
                section.optional("lease-ms", integer(10, 60_000), 200),
                section.optional("drain-ms", integer(0, 60_000), 200),
                section.blocks("peers", "the other nodes", ConfigReader::peer));
    }

    private static Peer peer(Section section) {
        return new Peer(
                section.required("node", name()), section.required("address", hostAddress()));
    }

    private static ApiConfig api(Section section) {
        return new ApiConfig(
                section.optional("socket", absolutePath(MAX_SOCKET_PATH), ApiConfig.DEFAULT_SOCKET),
                section.optional("reports", absolutePath(MAX_PATH), ApiConfig.DEFAULT_REPORTS));
    }
}
