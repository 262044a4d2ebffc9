package dev.tandem.tools;

import dev.tandem.tools.api.Status;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A node's status for people: first what it is and why, then the parts that there are. */
final class StatusText {
    private final PrintWriter out;

    StatusText(PrintWriter out) {
        this.out = out;
    }

    void print(Status status) {
        head(status);
        new StatusTables(out).print(status);
        counters(status);
    }

    private void head(Status status) {
        out.printf(
                "%s of %s is %s%s, epoch %d, up %s%n",
                status.node(),
                status.cluster(),
                status.state(),
                status.role().equals("manual") ? " by command" : "",
                status.epoch(),
                duration(status.uptimeMs()));
        line("master", status.master().isEmpty() ? "none known" : status.master());
        line("why", status.reason());
        line("why not", status.whyNotMaster());
        line("fault", status.fault());
        group(status.group());
        line("entries", status.connections() + " of " + status.connectionLimit());
        line("services", shared(status.sharedServices()));
        if (status.sync() == null) {
            line("sync", "off: a failover loses the connections");
        } else {
            Status.Sync sync = status.sync();
            line(
                    "sync",
                    String.format(
                            Locale.ROOT,
                            "%s %s:%d syncid %d, %s, %d waiting",
                            sync.interfaceName(),
                            sync.group(),
                            sync.port(),
                            sync.syncId(),
                            sync.sending() ? "sending" : "receiving",
                            sync.lag()));
            line("settings", SyncText.settings(sync.settings()));
            line("hardening", SyncText.hardening(sync.hardening()));
            line("tables", SyncText.tables(sync.tables()));
            line("listening", SyncText.listening(sync.listening()));
        }
        line("defence", defence(status.defence()));
        line("guard", guard(status.guard()));
    }

    private void group(Status.@Nullable Group group) {
        if (group == null) {
            return;
        }
        line(
                "group",
                group.keys().isEmpty()
                        ? "open: no failover.keys"
                        : "proves itself by key " + group.keys().getFirst());
        line("gateway", gateway(group.gateway()));
        group.refused().forEach(sentence -> line("refused", sentence));
    }

    private static String gateway(Status.@Nullable Gateway gateway) {
        if (gateway == null) {
            return "";
        }
        return gateway.address()
                + (gateway.answers() ? " answers" : " does not answer")
                + (gateway.answeredMsAgo() < 0
                        ? ", and never did"
                        : ", last did " + gateway.answeredMsAgo() + " ms ago");
    }

    private static String defence(Status.Defence defence) {
        List<String> parts = new ArrayList<>();
        if (defence.memoryLow()) {
            parts.add("memory low");
        }
        strategy("drop_entry", defence.dropEntry(), parts);
        strategy("drop_packet", defence.dropPacket(), parts);
        strategy("secure_tcp", defence.secureTcp(), parts);
        if (defence.dropRate() != 0) {
            parts.add("refuses one of " + defence.dropRate() + " new connections");
        }
        if (defence.entriesForgotten() != 0) {
            parts.add("entries forgotten " + defence.entriesForgotten());
        }
        if (defence.connectionsRefused() != 0) {
            parts.add("connections refused " + defence.connectionsRefused());
        }
        return String.join(", ", parts);
    }

    private static void strategy(String name, Status.Strategy strategy, List<String> parts) {
        if (strategy.set() != 0 || strategy.active()) {
            parts.add(name + " " + strategy.set() + (strategy.active() ? " active" : " waiting"));
        }
    }

    private static String shared(Status.@Nullable SharedServices shared) {
        if (shared == null) {
            return "";
        }
        List<String> parts = new ArrayList<>();
        parts.add(
                version(shared.epoch(), shared.counter(), shared.origin())
                        + refused(shared.refused()));
        for (Status.PeerServices peer : shared.peers()) {
            parts.add(
                    peer.node()
                            + (peer.same()
                                    ? " has the same"
                                    : " has others: "
                                            + version(peer.epoch(), peer.counter(), peer.origin()))
                            + refused(peer.refused()));
        }
        if (shared.malformed() > 0) {
            parts.add("malformed messages " + shared.malformed());
        }
        return String.join("; ", parts);
    }

    private static String version(long epoch, long counter, String origin) {
        return origin.isEmpty()
                ? "own file"
                : "version %d.%d from %s".formatted(epoch, counter, origin);
    }

    private static String refused(String refused) {
        return refused.isEmpty() ? "" : ", " + refused;
    }

    /** Of one that has nothing to do and never had trouble nothing. */
    private static String guard(Status.@Nullable Guard guard) {
        if (guard == null || (!guard.on() && guard.failures() == 0)) {
            return "";
        }
        return guard.status() + (guard.failures() == 0 ? "" : "; failed " + guard.failures());
    }

    private void counters(Status status) {
        out.println();
        String packets = list(status.packets());
        line("packets", packets.isEmpty() ? "none" : packets);
        line("dropped", status.dropped().isEmpty() ? "nothing" : list(status.dropped()));
        line("helpers", list(status.helpers()));
        line("failing", list(status.schedulerFailures()));
        if (status.sync() != null) {
            line("sync", list(status.sync().counters()));
            line("refused", list(status.sync().refused()));
            line("link", list(status.sync().link()));
            Status.Hardening hardening = status.sync().hardening();
            if (hardening != null) {
                line("signed", list(hardening.counters()));
                line("rejected", list(hardening.refused()));
            }
        }
        line("heartbeat", list(status.heartbeat()));
        line("notify", list(status.notified()));
    }

    private void line(String title, String text) {
        if (!text.isEmpty()) {
            out.printf("  %-9s %s%n", title, text);
        }
    }

    /** Without those that are 0. */
    private static String list(Map<String, Long> counters) {
        return counters.entrySet().stream()
                .filter(counter -> counter.getValue() != 0)
                .map(counter -> counter.getKey() + " " + counter.getValue())
                .collect(Collectors.joining(", "));
    }

    /** The two largest units. */
    static String duration(long ms) {
        long seconds = ms / 1000;
        long[] sizes = {86_400, 3600, 60};
        String units = "dhms";
        for (int i = 0; i < sizes.length; i++) {
            if (seconds >= sizes[i]) {
                long rest = seconds % sizes[i];
                long smaller = i == 2 ? rest : rest / sizes[i + 1];
                return seconds / sizes[i]
                        + ""
                        + units.charAt(i)
                        + " "
                        + smaller
                        + units.charAt(i + 1);
            }
        }
        return seconds + "s";
    }
}
