package dev.tandem.tools.bench.sync;

import dev.tandem.director.conn.SyncedConnections.Outcome;
import dev.tandem.director.control.DirectorStatus;
import dev.tandem.director.io.PortCounters;
import dev.tandem.sync.hardening.HardeningStatus;
import dev.tandem.sync.transport.SyncLinkCounters;
import dev.tandem.tools.api.Status;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What a director has counted of replication so far.
 *
 * @param datagrams sent by a master, received by a backup
 * @param records sent by a master, taken by a backup
 * @param losses frames, datagrams and records that were lost or refused, by their place and the
 *     reason; only those that occurred
 */
record Counts(long datagrams, long records, Map<String, Long> losses) {
    private static final List<String> LINK_LOSSES =
            List.of(
                    "sendErrors",
                    "sendDrops",
                    "receiveErrors",
                    "receiveDrops",
                    "socketDrops",
                    "truncated",
                    "strangers");

    /** {@link dev.tandem.sync.hardening.Refusal#DUPLICATE}. */
    private static final String DUPLICATE = "DUPLICATE";

    private static final Set<Outcome> APPLIED = EnumSet.of(Outcome.CREATED, Outcome.UPDATED);

    /** Of a daemon, by what its API says. */
    static Counts of(Status status) {
        Status.Sync sync = Objects.requireNonNull(status.sync());
        Map<String, Long> losses = new TreeMap<>();
        for (Status.Port port : status.ports()) {
            BiConsumer<String, Long> add = adder(losses, "port " + port.name() + ": ");
            add.accept("receiveDropped", port.receiveDropped());
            add.accept("receiveTruncated", port.receiveTruncated());
            add.accept("sendFailed", port.sendFailed());
            add.accept("linkErrors", port.linkErrors());
        }
        status.dropped().forEach(adder(losses, "packets: "));
        BiConsumer<String, Long> records = adder(losses, "sync queue: ");
        records.accept("records", sync.counters().getOrDefault("recordsDropped", 0L));
        BiConsumer<String, Long> link = adder(losses, "sync link: ");
        LINK_LOSSES.forEach(name -> link.accept(name, sync.link().getOrDefault(name, 0L)));
        sync.refused().forEach(adder(losses, "refused: "));
        if (sync.hardening() != null) {
            adder(losses, "signed: ")
                    .accept("lost", sync.hardening().counters().getOrDefault("lost", 0L));
            addRefused(losses, sync.hardening().refused());
        }
        return new Counts(
                sync.counters().getOrDefault("datagramsSent", 0L),
                sync.counters().getOrDefault("recordsSent", 0L),
                losses);
    }

    /** Of a director in this process. */
    static Counts of(DirectorStatus status) {
        DirectorStatus.SyncStatus sync = status.sync().orElseThrow();
        Map<String, Long> losses = new TreeMap<>();
        for (DirectorStatus.PortStatus port : status.ports()) {
            BiConsumer<String, Long> add = adder(losses, "port " + port.name() + ": ");
            PortCounters counters = port.counters();
            add.accept("receiveDropped", counters.receiveDropped());
            add.accept("linkErrors", counters.linkErrors());
        }
        BiConsumer<String, Long> link = adder(losses, "sync link: ");
        SyncLinkCounters counters = sync.link();
        link.accept("sendErrors", counters.sendErrors());
        link.accept("sendDrops", counters.sendDrops());
        link.accept("receiveErrors", counters.receiveErrors());
        link.accept("receiveDrops", counters.receiveDrops());
        link.accept("socketDrops", counters.socketDrops());
        link.accept("truncated", counters.truncated());
        link.accept("strangers", counters.strangers());
        sync.refused().forEach(adder(losses, "refused: "));
        BiConsumer<String, Long> outcomes = adder(losses, "not applied: ");
        for (Outcome outcome : EnumSet.complementOf(EnumSet.copyOf(APPLIED))) {
            outcomes.accept(outcome.name(), sync.outcomes().getOrDefault(outcome.name(), 0L));
        }
        if (sync.hardening().isPresent()) {
            HardeningStatus hardening = sync.hardening().get();
            adder(losses, "signed: ").accept("lost", hardening.lost());
            addRefused(losses, hardening.refused());
        }
        return new Counts(sync.receivedDatagrams(), sync.receivedRecords(), losses);
    }

    /** What was counted since then. */
    Counts since(Counts before) {
        Map<String, Long> since = new TreeMap<>();
        BiConsumer<String, Long> add = adder(since, "");
        losses.forEach(
                (loss, count) -> add.accept(loss, count - before.losses.getOrDefault(loss, 0L)));
        return new Counts(datagrams - before.datagrams, records - before.records, since);
    }

    /** What was sent twice, as repairs may be, and taken once is no loss. */
    private static void addRefused(Map<String, Long> losses, Map<String, Long> refused) {
        BiConsumer<String, Long> add = adder(losses, "signed, refused: ");
        refused.forEach((reason, count) -> {
            if (!reason.equals(DUPLICATE)) {
                add.accept(reason, count);
            }
        });
    }

    private static BiConsumer<String, Long> adder(Map<String, Long> losses, String place) {
        return (reason, count) -> {
            if (count != 0) {
                losses.put(place + reason, count);
            }
        };
    }
}
