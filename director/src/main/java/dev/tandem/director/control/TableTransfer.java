package dev.tandem.director.control;

import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.TableDigest;
import dev.tandem.director.sync.Progress;
import dev.tandem.director.sync.SyncReceiver;
import dev.tandem.director.sync.SyncSender;
import dev.tandem.director.sync.TableGiver;
import dev.tandem.director.sync.TableTaker;
import dev.tandem.sync.table.TableExchange;
import dev.tandem.sync.table.TablePipe;

/**
 * Gives this director's table to its peers while it is the master, and makes it the master's while
 * it is not. Worker thread only, but for {@link #readiness} and {@link #status}.
 */
final class TableTransfer {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A connected backup compares four times a second. */
    private static final long OLD_NS = 1_000_000_000L;

    private final TableExchange exchange;
    private final ConnectionTable table;
    private final TableDigest digest;
    private final TableGiver giver;
    private final TableTaker taker;

    TableTransfer(
            TableExchange exchange,
            ConnectionTable table,
            SyncSender sender,
            SyncReceiver receiver,
            int syncId) {
        this.exchange = exchange;
        this.table = table;
        digest = table.digest();
        giver = new TableGiver(table, sender, syncId);
        taker = new TableTaker(receiver, digest, syncId);
    }

    void becomeMaster() {
        taker.end();
        giver.begin();
        exchange.master(true);
    }

    void becomeBackup() {
        giver.close();
        taker.begin();
        exchange.master(false);
    }

    void epoch(long epoch) {
        giver.epoch(epoch);
        taker.epoch(epoch);
    }

    /** See {@link TableTaker#awaitRehearsal}. */
    void awaitRehearsal() {
        taker.awaitRehearsal();
    }

    /** Any thread. */
    void rehearsed() {
        taker.rehearsed();
    }

    int doWork(boolean master, long nowNs) {
        digest.doWork(nowNs);
        if (master) {
            TablePipe asker = exchange.nextAsker();
            if (asker != null) {
                giver.add(asker);
            }
            return giver.doWork(nowNs);
        }
        TablePipe found = exchange.nextMaster();
        if (found != null) {
            taker.follow(found, nowNs);
        }
        return taker.doWork(exchange.search(), nowNs);
    }

    /** Whether entries that nobody tells of will be removed by this. */
    boolean isTaking() {
        return taker.isTaking();
    }

    /** Whether it is rehearsed, or a master was found whose table is not here; any thread. */
    boolean isBusyJoining() {
        return !taker.isRehearsed() || taker.progress().phase() == Progress.Phase.JOINING;
    }

    /** Whether the master's whole table is looked for, or on its way. */
    boolean isJoining() {
        Progress.Phase phase = taker.progress().phase();
        return phase == Progress.Phase.SEARCHING || phase == Progress.Phase.JOINING;
    }

    long waitNs(boolean master, long nowNs) {
        return master ? Long.MAX_VALUE : taker.waitNs(nowNs);
    }

    void close() {
        giver.close();
        taker.end();
    }

    /** How this node's table stands to the master's, at {@code nowNs}; any thread. */
    Readiness readiness(long nowNs) {
        Progress progress = taker.progress();
        return switch (progress.phase()) {
            case MASTER, NOBODY -> Readiness.NOBODY_TO_ASK;
            case SEARCHING -> notYet(progress, nowNs, whyNoMaster());
            case JOINING -> notYet(progress, nowNs, joining(progress));
            case EQUAL -> {
                long differsNs = progress.differedNs();
                boolean stale = differsNs >= TableTaker.STALE_NS;
                yield new Readiness(
                        !stale,
                        true,
                        progress.entries(),
                        progress.missing(),
                        lagMs(progress, nowNs),
                        stale ? differing(progress, differsNs) : "");
            }
        };
    }

    private static Readiness notYet(Progress progress, long nowNs, String why) {
        return new Readiness(
                false, false, progress.entries(), progress.missing(), lagMs(progress, nowNs), why);
    }

    private static long lagMs(Progress progress, long nowNs) {
        long old = progress.comparedBeforeNs(nowNs);
        return Math.max(progress.differedNs(), old > OLD_NS ? old : 0) / NANOS_PER_MILLI;
    }

    private String whyNoMaster() {
        String trouble = exchange.trouble();
        return "asks its peers for the master's table" + (trouble.isEmpty() ? "" : ": " + trouble);
    }

    private String joining(Progress progress) {
        if (!progress.isConnected()) {
            return "the connection broke before the master's table was here: %d of %d are missing"
                    .formatted(progress.missing(), progress.entries());
        }
        return progress.missing() > 0
                ? "takes the master's table: %d of %d connections are missing"
                        .formatted(progress.missing(), progress.entries())
                : "compares its table with the master's: %d of %d buckets differ"
                        .formatted(progress.differing(), TableDigest.BUCKETS);
    }

    private static String differing(Progress progress, long differsNs) {
        return "%d of %d buckets of the table have differed from the master's for up to %d ms: about %d of %d connections"
                .formatted(
                        progress.differing(),
                        TableDigest.BUCKETS,
                        differsNs / NANOS_PER_MILLI,
                        progress.missing(),
                        progress.entries());
    }

    /** Its numbers, at {@code nowNs}; any thread. */
    DirectorStatus.TableStatus status(long nowNs) {
        return new DirectorStatus.TableStatus(
                readiness(nowNs),
                digest.entries(),
                taker.progress().differing(),
                taker.progress().joinNs() / NANOS_PER_MILLI,
                taker.comparisons(),
                taker.repairedBuckets(),
                table.damaged(),
                taker.records(),
                taker.bytes(),
                giver.sentRecords(),
                giver.sentBytes(),
                giver.digestsSent(),
                exchange.counters());
    }
}
