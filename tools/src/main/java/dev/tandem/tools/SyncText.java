package dev.tandem.tools;

import dev.tandem.tools.api.Status;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The replication's part of a node's status for people. */
final class SyncText {
    private SyncText() {}

    static String hardening(Status.@Nullable Hardening h) {
        if (h == null) {
            return "";
        }
        String coverage =
                h.coverage() == null
                        ? "coverage unknown"
                        : String.format(
                                Locale.ROOT,
                                "coverage %.1f %% of the master's %d entries",
                                100 * h.coverage(),
                                h.masterEntries());
        return String.format(
                Locale.ROOT,
                "%s, behind %d ms%s, epoch %d, senders %d",
                coverage,
                h.lagMs(),
                h.tableWanted() ? ", wants the whole table" : "",
                h.highestEpoch(),
                h.provenSenders());
    }

    static String tables(Status.@Nullable Tables t) {
        if (t == null) {
            return "";
        }
        if (t.synced() && !t.compared()) {
            return "no master to compare with";
        }
        String coverage =
                String.format(
                        Locale.ROOT,
                        "coverage %.4f %% of the master's %d connections, %d missing, behind %d ms",
                        100 * t.coverage(),
                        t.entries(),
                        t.missing(),
                        t.lagMs());
        return t.synced() ? coverage : "not synced: " + t.whyNot() + "; " + coverage;
    }

    static String listening(Status.@Nullable Listening l) {
        return l == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "for %s, %d records, %.1f a second%s",
                        StatusText.duration(l.listenedMs()),
                        l.records(),
                        l.recordsPerSecond(),
                        l.knownShare() == null
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        ", %.1f %% of known entries",
                                        100 * l.knownShare()));
    }

    static String settings(Status.Settings s) {
        return String.format(
                        Locale.ROOT,
                        "version %d, ports %d, ttl %d, maxlen %d, queue %d, sock-size %d,"
                                + " threshold %d, period %d, refresh-period %d, retries %d,"
                                + " persist-mode %b, flush %d ms, hardening %s",
                        s.version(),
                        s.ports(),
                        s.ttl(),
                        s.maxLength(),
                        s.queueLength(),
                        s.socketBuffer(),
                        s.threshold(),
                        s.period(),
                        s.refreshPeriod(),
                        s.retries(),
                        s.persistMode(),
                        s.flushMs(),
                        s.hardening())
                + (s.keys().isEmpty()
                        ? ""
                        : s.keys().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(", ", ", keys ", " (the first signs)")))
                + (s.peers().isEmpty() ? "" : ", to " + String.join(", ", s.peers()));
    }
}
