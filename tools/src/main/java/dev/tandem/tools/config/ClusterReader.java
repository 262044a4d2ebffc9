package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.eitherNetworkAddress;
import static dev.tandem.tools.config.Syntax.flag;
import static dev.tandem.tools.config.Syntax.interfaceName;
import static dev.tandem.tools.config.Syntax.name;
import static dev.tandem.tools.config.Syntax.oneOf;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.GatewayConfig;
import dev.tandem.director.config.MarkRule;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.ManualConfig;
import dev.tandem.sync.table.TableConfig;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Reads the block of one cluster, be it the whole file or one of several. */
final class ClusterReader {

    /** What a witness does without. */
    private static final List<String> OF_DIRECTORS =
            List.of(
                    "director",
                    "address-holder",
                    "addresses",
                    "services",
                    "marks",
                    "sync",
                    "settings");

    /** The words of {@code role}. */
    private enum Word {
        PAIR,
        MANUAL,
        STANDALONE,
        SHADOW,
        WITNESS
    }

    private final String node;
    private final KeyReader keys;
    private final SyncReader sync;

    ClusterReader(String node, KeyReader keys) {
        this.node = node;
        this.keys = keys;
        this.sync = new SyncReader(keys);
    }

    /** A file that is one cluster. */
    ClusterConfig only(Section root) {
        String cluster = root.required("cluster", name());
        Word word = root.optional("role", oneOf(Word.class), Word.PAIR);
        Limits limits =
                word == Word.WITNESS
                        ? Limits.DEFAULT
                        : word == Word.SHADOW
                                ? root.optionalBlock(
                                                "director",
                                                s -> Limits.read(s, Limits.DEFAULT, false))
                                        .orElse(Limits.DEFAULT)
                                : root.requiredBlock(
                                        "director", s -> Limits.read(s, Limits.DEFAULT, true));
        return cluster(root, cluster, word, limits);
    }

    /** A cluster of several, with what holds for all of them. */
    ClusterConfig oneOfMany(Section section, Limits common) {
        String cluster = section.required("cluster", name());
        Word word = section.optional("role", oneOf(Word.class), Word.PAIR);
        Limits limits =
                section.optionalBlock("director", s -> Limits.read(s, common, false))
                        .orElse(common);
        return cluster(section, cluster, word, limits);
    }

    private ClusterConfig cluster(Section section, String name, Word word, Limits limits) {
        return word == Word.WITNESS
                ? witness(section, name)
                : director(section, name, word, limits);
    }

    /** It votes, and has nothing else. */
    private ClusterConfig witness(Section section, String name) {
        for (String key : OF_DIRECTORS) {
            section.refuse(key, "is for nodes with a director; this is role witness");
        }
        return new ClusterConfig(
                name,
                role(section, name, Word.WITNESS),
                new DirectorConfig(
                        List.of(),
                        AddressHolder.DIRECTOR,
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Limits.DEFAULT.connections(),
                        0,
                        DirectorSettings.DEFAULT));
    }

    private ClusterConfig director(Section section, String name, Word word, Limits limits) {
        AddressHolder holder =
                section.optional(
                        "address-holder", oneOf(AddressHolder.class), AddressHolder.DIRECTOR);
        List<VirtualAddress> addresses =
                holder == AddressHolder.HOST && !section.has("addresses")
                        ? List.of()
                        : section.blocks(
                                "addresses", "virtual addresses", ClusterReader::virtualAddress);
        List<VirtualServiceConfig> services =
                section.blocks("services", "virtual services", ServiceReader::service);
        List<MarkRule> marks =
                section.has("marks")
                        ? section.blocks("marks", "rules for firewall marks", ServiceReader::mark)
                        : List.of();
        Optional<SyncConfig> replication =
                word == Word.SHADOW
                        ? Optional.of(section.requiredBlock("sync", sync::read))
                        : section.optionalBlock("sync", sync::read);
        Role role = role(section, name, word);
        return new ClusterConfig(
                name,
                role,
                new DirectorConfig(
                        limits.interfaces(),
                        holder,
                        addresses,
                        services,
                        marks,
                        replication.map(it -> it.withTables(tables(it, role))),
                        limits.connections(),
                        limits.spinMicros(),
                        section.optionalBlock("settings", SettingsReader::read)
                                .orElse(DirectorSettings.DEFAULT),
                        limits.ftpPorts(),
                        limits.hostGuard(),
                        gateway(role)));
    }

    private static Optional<GatewayConfig> gateway(Role role) {
        return role instanceof Role.Pair(var failover, _, _) && failover.gateway() != null
                ? Optional.of(new GatewayConfig(failover.gateway(), failover.gatewayIntervalMs()))
                : Optional.empty();
    }

    /** Who is not named for it is who the failover knows; nobody is nothing to compare with. */
    private static Optional<TableConfig> tables(SyncConfig sync, Role role) {
        return sync.tables()
                .filter(_ -> !(role instanceof Role.Shadow))
                .map(tables ->
                        tables.peers().isEmpty() && role instanceof Role.Pair(var failover, _, _)
                                ? new TableConfig(
                                        Optional.of(failover.bind()),
                                        tables.port(),
                                        directors(failover))
                                : tables)
                .filter(tables -> !tables.peers().isEmpty());
    }

    private static List<InetAddress> directors(FailoverConfig failover) {
        return failover.peers().stream()
                .filter(peer -> !peer.node().equals(failover.witness()))
                .map(FailoverConfig.Peer::address)
                .toList();
    }

    private Role role(Section section, String cluster, Word word) {
        if (word != Word.PAIR && word != Word.WITNESS) {
            section.refuse(
                    "failover",
                    "is for the roles pair and witness; this is role " + Syntax.word(word));
        }
        if (word != Word.PAIR) {
            section.refuse(
                    "services-replicated",
                    "is for role pair, whose nodes are a group; this is role " + Syntax.word(word));
        }
        if (word != Word.MANUAL && word != Word.STANDALONE) {
            section.refuse(
                    "manual",
                    "is for the roles manual and standalone; this is role " + Syntax.word(word));
        }
        return switch (word) {
            case PAIR, WITNESS -> {
                var reader = new FailoverReader(cluster, node, word == Word.WITNESS, keys);
                boolean replicated = section.optional("services-replicated", flag(), false);
                yield section.requiredBlock(
                        "failover",
                        block ->
                                new Role.Pair(
                                        reader.read(block), replicated, NotifyReader.read(block)));
            }
            case MANUAL, STANDALONE -> new Role.Manual(manual(section, cluster, word));
            case SHADOW -> new Role.Shadow();
        };
    }

    private static VirtualAddress virtualAddress(Section section) {
        return new VirtualAddress(
                section.required("address", eitherNetworkAddress()),
                section.required("interface", interfaceName()));
    }

    private ManualConfig manual(Section cluster, String name, Word word) {
        boolean standalone = word == Word.STANDALONE;
        return cluster.optionalBlock(
                        "manual",
                        block ->
                                new ManualConfig(
                                        name,
                                        node,
                                        block.optional(
                                                "lease-ms",
                                                FailoverReader.LEASE_MS,
                                                ManualConfig.DEFAULT_LEASE_MS),
                                        block.optional(
                                                "drain-ms",
                                                FailoverReader.DRAIN_MS,
                                                ManualConfig.DEFAULT_DRAIN_MS),
                                        standalone))
                .orElse(
                        new ManualConfig(
                                name,
                                node,
                                ManualConfig.DEFAULT_LEASE_MS,
                                ManualConfig.DEFAULT_DRAIN_MS,
                                standalone));
    }
}
