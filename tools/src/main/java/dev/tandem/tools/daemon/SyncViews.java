package dev.tandem.tools.daemon;

import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.conn.SyncedConnections.Outcome;
import dev.tandem.director.control.DirectorStatus.SyncStatus;
import dev.tandem.director.control.DirectorStatus.TableStatus;
import dev.tandem.director.control.Readiness;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.HardeningStatus;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.sync.transport.SyncLinkConfig;
import dev.tandem.sync.transport.SyncLinkCounters;
import dev.tandem.tools.api.Status.Hardening;
import dev.tandem.tools.api.Status.Listening;
import dev.tandem.tools.api.Status.Settings;
import dev.tandem.tools.api.Status.Tables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The replication's part of a status. */
final class SyncViews {
    private SyncViews() {}

    static Settings settings(SyncConfig sync, HardeningConfig hardening) {
        SyncLinkConfig link = sync.link();
        SyncPolicy policy = sync.policy();
        return new Settings(
                sync.version(),
                link.ports(),
                link.ttl(),
                link.sendLength(),
                link.queueLength(),
                link.socketBufferBytes(),
                link.peers().stream().map(peer -> peer.getAddress().getHostAddress()).toList(),
                policy.threshold(),
                policy.period(),
                policy.refreshPeriodSeconds(),
                policy.retries(),
                policy.persistMode(),
                sync.flushMs(),
                word(hardening.mode()),
                keyIds(hardening.keys()));
    }

    static Map<String, Long> link(SyncLinkCounters link) {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("sent", link.sent());
        counters.put("sentBytes", link.sentBytes());
        counters.put("sendErrors", link.sendErrors());
        new TreeMap<>(link.sendErrorReasons())
                .forEach((reason, count) -> counters.put("sendErrors: " + reason, count));
        counters.put("sendDrops", link.sendDrops());
        counters.put("received", link.received());
        counters.put("receivedBytes", link.receivedBytes());
        counters.put("receiveErrors", link.receiveErrors());
        counters.put("receiveDrops", link.receiveDrops());
        counters.put("socketDrops", link.socketDrops());
        counters.put("truncated", link.truncated());
        counters.put("strangers", link.strangers());
        counters.put("reopened", link.reopened());
        return counters;
    }

    /**
     * @param entries in this node's table
     */
    static @Nullable Hardening hardening(SyncStatus sync, int entries) {
        if (sync.hardening().isEmpty()) {
            return null;
        }
        HardeningStatus status = sync.hardening().get();
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("verified", status.verified());
        counters.put("plain", status.plain());
        counters.put("repaired", status.repaired());
        counters.put("lost", status.lost());
        counters.put("resent", status.resent());
        counters.put("roundsSent", status.roundsSent());
        counters.put("roundsTaken", status.roundsTaken());
        counters.put("controlDrops", status.controlDrops());
        boolean told = !sync.master() && status.masterEntries() > 0;
        return new Hardening(
                status.epoch(),
                status.highestEpoch(),
                status.provenSenders(),
                status.masterEntries(),
                told ? Math.min(1, (double) entries / status.masterEntries()) : null,
                status.lagMs(),
                status.tableWanted(),
                counters,
                new TreeMap<>(status.refused()));
    }

    static @Nullable Tables tables(SyncStatus sync) {
        if (sync.tables().isEmpty()) {
            return null;
        }
        TableStatus status = sync.tables().get();
        Readiness readiness = status.readiness();
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("announced", status.announced());
        counters.put("joinMs", status.joinMs());
        counters.put("comparisons", status.comparisons());
        counters.put("bucketsDiffering", (long) status.differingBuckets());
        counters.put("bucketsRepaired", status.repairedBuckets());
        counters.put("entriesDamaged", status.damagedEntries());
        counters.put("recordsTaken", status.takenRecords());
        counters.put("bytesTaken", status.takenBytes());
        counters.put("recordsGiven", status.givenRecords());
        counters.put("bytesGiven", status.givenBytes());
        counters.put("digestsGiven", status.digestsGiven());
        status.connections().forEach((what, count) -> counters.put("connections: " + what, count));
        return new Tables(
                readiness.synced(),
                readiness.compared(),
                readiness.entries(),
                readiness.missing(),
                readiness.coverage(),
                readiness.lagMs(),
                readiness.whyNot(),
                counters);
    }

    static Listening listening(SyncStatus sync, long uptimeMs) {
        long records = sync.receivedRecords();
        long fresh = sync.outcomes().getOrDefault(Outcome.CREATED.name(), 0L);
        long taken = fresh + sync.outcomes().getOrDefault(Outcome.UPDATED.name(), 0L);
        return new Listening(
                uptimeMs,
                records,
                records * 1000.0 / Math.max(1, uptimeMs),
                taken == 0 ? null : (taken - fresh) / (double) taken);
    }

    static List<Integer> keyIds(List<SyncKey> keys) {
        return keys.stream().map(SyncKey::id).toList();
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
