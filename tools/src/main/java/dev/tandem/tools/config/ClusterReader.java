package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.eitherNetworkAddress;
import static dev.tandem.tools.config.Syntax.flag;
import static dev.tandem.tools.config.Syntax.hostAddress;
import static dev.tandem.tools.config.Syntax.integer;
import static dev.tandem.tools.config.Syntax.interfaceName;
import static dev.tandem.tools.config.Syntax.name;
import static dev.tandem.tools.config.Syntax.oneOf;
import static dev.tandem.tools.config.Syntax.port;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.MarkRule;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.FailoverConfig.Peer;
import dev.tandem.failover.config.ManualConfig;
import java.util.List;
import java.util.Optional;

/** Reads the block of one cluster, be it the whole file or one of several. */
final class ClusterReader {
    private static final int DAY_MS = 86_400_000;
    private static final Syntax<Integer> LEASE_MS = integer(10, 60_000);
    private static final Syntax<Integer> DRAIN_MS = integer(0, 60_000);

    /** The words of {@code role}. */
    private enum Word {
        PAIR,
        MANUAL,
        STANDALONE,
        SHADOW
    }

    private final String node;
    private final SyncReader sync;

    ClusterReader(String node, SyncReader sync) {
        this.node = node;
        this.sync = sync;
    }

    /** A file that is one cluster. */
    ClusterConfig only(Section root) {
        String cluster = root.required("cluster", name());
        Word word = root.optional("role", oneOf(Word.class), Word.PAIR);
        Limits limits =
                word == Word.SHADOW
                        ? root.optionalBlock("director", s -> Limits.read(s, Limits.DEFAULT, false))
                                .orElse(Limits.DEFAULT)
                        : root.requiredBlock("director", s -> Limits.read(s, Limits.DEFAULT, true));
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
        return new ClusterConfig(
                name,
                role(section, name, word),
                new DirectorConfig(
                        limits.interfaces(),
                        holder,
                        addresses,
                        services,
                        marks,
                        replication,
                        limits.connections(),
                        limits.spinMicros(),
                        section.optionalBlock("settings", SettingsReader::read)
                                .orElse(DirectorSettings.DEFAULT),
                        limits.ftpPorts(),
                        limits.hostGuard()));
    }

    private Role role(Section section, String cluster, Word word) {
        if (word != Word.PAIR) {
            section.refuse("failover", "is for role pair; this is role " + Syntax.word(word));
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
            case PAIR ->
                    new Role.Pair(
                            section.requiredBlock("failover", block -> failover(block, cluster)),
                            section.optional("services-replicated", flag(), false));
            case MANUAL, STANDALONE -> new Role.Manual(manual(section, cluster, word));
            case SHADOW -> new Role.Shadow();
        };
    }

    private static VirtualAddress virtualAddress(Section section) {
        return new VirtualAddress(
                section.required("address", eitherNetworkAddress()),
                section.required("interface", interfaceName()));
    }

    private FailoverConfig failover(Section section, String cluster) {
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
                section.optional("lease-ms", LEASE_MS, 200),
                section.optional("drain-ms", DRAIN_MS, 200),
                section.blocks("peers", "the other nodes", ClusterReader::peer));
    }

    private static Peer peer(Section section) {
        return new Peer(
                section.required("node", name()), section.required("address", hostAddress()));
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
                                                LEASE_MS,
                                                ManualConfig.DEFAULT_LEASE_MS),
                                        block.optional(
                                                "drain-ms",
                                                DRAIN_MS,
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
