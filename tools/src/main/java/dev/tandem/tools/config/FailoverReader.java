package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.absolutePath;
import static dev.tandem.tools.config.Syntax.eitherNetworkAddress;
import static dev.tandem.tools.config.Syntax.flag;
import static dev.tandem.tools.config.Syntax.hostAddress;
import static dev.tandem.tools.config.Syntax.integer;
import static dev.tandem.tools.config.Syntax.name;
import static dev.tandem.tools.config.Syntax.port;

import dev.tandem.failover.config.Check;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.FailoverConfig.Peer;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the block {@code failover} of a cluster. */
final class FailoverReader {
    static final Syntax<Integer> LEASE_MS = integer(10, 60_000);
    static final Syntax<Integer> DRAIN_MS = integer(0, 60_000);
    private static final int DAY_MS = 86_400_000;
    private static final Path STATE = Path.of("/var/lib/tandem");

    private final String cluster;
    private final String node;
    private final boolean isWitness;
    private final KeyReader keys;

    /** One of the other nodes, as the file has it. */
    private record Line(Peer peer, boolean witness) {}

    FailoverReader(String cluster, String node, boolean isWitness, KeyReader keys) {
        this.keys = keys;
        this.cluster = cluster;
        this.node = node;
        this.isWitness = isWitness;
    }

    FailoverConfig read(Section section) {
        List<Line> lines = section.blocks("peers", "the other nodes", FailoverReader::line);
        String witness = witness(section, lines);
        Path byDefault = STATE.resolve(cluster + "." + node + ".vote");
        return new FailoverConfig(
                cluster,
                node,
                section.required("bind", hostAddress()),
                section.optional("heartbeat-port", port(), 8850),
                section.optional("group-port", port(), 8851),
                section.optional("priority", integer(1, 254), 100),
                section.optional("preempt", flag(), false),
                section.optional("preempt-delay-ms", integer(0, DAY_MS), 60_000),
                section.value("promote-stale-ms", integer(0, DAY_MS)).orElse(null),
                section.optional("heartbeat-interval-ms", integer(5, 10_000), 50),
                section.optional("heartbeat-count", integer(2, 100), 6),
                section.optional("lease-ms", LEASE_MS, 200),
                section.optional("drain-ms", DRAIN_MS, 200),
                lines.stream().map(Line::peer).toList(),
                witness,
                section.value("vote-file", absolutePath(SyncReader.MAX_PATH))
                        .orElse(witness.isEmpty() ? null : byDefault),
                keys.read(section),
                track(section),
                gateway(section, witness));
    }

    private @Nullable InetAddress gateway(Section section, String witness) {
        if (!witness.isEmpty()) {
            section.refuse("gateway", "and a witness: only one of them can be the arbiter");
        }
        return section.value("gateway", eitherNetworkAddress()).orElse(null);
    }

    private List<Check> track(Section section) {
        if (isWitness) {
            section.refuse("track", "is for nodes that can be master; this is role witness");
        }
        return section.optionalBlock("track", TrackReader::read).orElse(List.of());
    }

    private static Line line(Section section) {
        return new Line(
                new Peer(
                        section.required("node", name()),
                        section.required("address", hostAddress())),
                section.optional("witness", flag(), false));
    }

    /** The name of the node that only votes; empty when there is none. */
    private String witness(Section section, List<Line> lines) {
        List<String> named =
                lines.stream().filter(Line::witness).map(line -> line.peer().node()).toList();
        int directors = lines.size() - named.size() + (isWitness ? 0 : 1);
        if (isWitness && !named.isEmpty()) {
            section.complain("peers", "name a witness, and this node is one already");
        } else if (named.size() > 1) {
            section.complain("peers", "name more than one witness: " + String.join(", ", named));
        } else if ((isWitness || !named.isEmpty()) && directors < 2) {
            section.complain("peers", "must be two directors at least with a witness");
        }
        return isWitness ? node : named.isEmpty() ? "" : named.getFirst();
    }
}
