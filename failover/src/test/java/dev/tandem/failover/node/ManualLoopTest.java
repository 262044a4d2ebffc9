package dev.tandem.failover.node;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.control.DirectorControl;
import dev.tandem.director.control.Readiness;
import dev.tandem.failover.config.ManualConfig;
import dev.tandem.failover.core.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The manual node's thread, turn by turn, with a time of the test's own. */
class ManualLoopTest {
    private static final long TICK_NS = MILLISECONDS.toNanos(5);

    private final Queue<Order> orders = new ArrayDeque<>();
    private final List<FailoverReport> reports = new ArrayList<>();
    private final ScriptedDirector director = new ScriptedDirector();
    private long nowNs = 1_000_000_000L;
    private ManualLoop loop = loop(false);

    private ManualLoop loop(boolean standalone) {
        return new ManualLoop(
                new ManualConfig("web", "a", 200, 100, standalone),
                director,
                orders,
                new ManualLoop.Ears() {
                    @Override
                    public void changed() {}

                    @Override
                    public void over(FailoverReport report) {
                        reports.add(report);
                    }
                },
                nowNs);
    }

    @Test
    void shouldTakeByItselfWhenItStandsAlone() {
        loop = loop(true);
        turns(2);
        assertEquals(State.MASTER, loop.standing().state());
        assertEquals(List.of("take"), director.calls, "nobody else could answer for them");
        assertEquals("a stands alone", reports.getFirst().cause());
    }

    @Test
    void shouldTryAgainWhenItStandsAlone() {
        loop = loop(true);
        director.refusal = "no port";
        turns(10);
        assertEquals(State.BACKUP, loop.standing().state());
        assertEquals("taking the addresses failed: no port", loop.standing().reason());
        assertEquals(List.of("take", "release 0"), director.calls, "not with every turn");
        director.refusal = "";
        turns(20);
        assertEquals(State.MASTER, loop.standing().state());
    }

    @Test
    void shouldStayReleasedUntilItIsToldOtherwise() {
        loop = loop(true);
        turns(2);
        Order release = release();
        turns(1);
        director.flushed.complete(null);
        turns(200);
        assertTrue(release.answered().isDone());
        assertEquals(State.BACKUP, loop.standing().state());
        take(true);
        turns(2);
        assertEquals(State.MASTER, loop.standing().state());
    }

    @Test
    void shouldOwnNothingUntilItIsTold() {
        turns(1000);
        assertEquals(State.BACKUP, loop.standing().state());
        assertEquals("nobody told it to take the addresses", loop.standing().whyNotMaster());
        assertTrue(director.calls.isEmpty());
        assertFalse(director.isLeased(nowNs));
    }

    @Test
    void shouldTakeWhenNobodyAnswers() throws Exception {
        Order take = take(false);
        turns(1);
        assertEquals(State.CANDIDATE, loop.standing().state());
        assertEquals(List.of("probe 20"), director.calls);
        director.probed.complete("");
        turns(2);
        FailoverReport report = take.answered().get();
        assertEquals(State.MASTER, loop.standing().state());
        assertEquals(List.of("probe 20", "take"), director.calls);
        assertEquals("1-a", report.id());
        assertEquals(List.of("probe", "take"), List.copyOf(report.phasesMs().keySet()));
        assertEquals(5.0, report.phasesMs().getOrDefault("probe", 0.0), 0.001);
        assertEquals(42, report.connections());
        assertEquals("nobody answered for the addresses", report.evidence());
        assertEquals(List.of(report), reports);
    }

    @Test
    void shouldNotTakeWhenSomebodyAnswers() {
        Order take = take(false);
        turns(1);
        director.probed.complete("198.51.100.10 is claimed by 02:00:00:00:00:01 on outside");
        turns(1);
        assertEquals(
                "vip-in-use: 198.51.100.10 is claimed by 02:00:00:00:00:01 on outside",
                refusal(take));
        assertEquals(State.BACKUP, loop.standing().state());
        assertFalse(director.calls.contains("take"));
        assertFalse(director.isLeased(nowNs));
    }

    @Test
    void shouldTakeUnaskedWhenForced() throws Exception {
        Order take = take(true);
        turns(2);
        assertEquals(List.of("take"), director.calls);
        assertEquals("the wire was not asked", take.answered().get().evidence());
        assertEquals(State.MASTER, loop.standing().state());
    }

    @Test
    void shouldRefuseWhenTheProbeDoesNotEnd() {
        Order take = take(false);
        turns(201);
        assertEquals("the probe of the addresses did not end", refusal(take));
        assertEquals(State.BACKUP, loop.standing().state());
    }

    @Test
    void shouldRefuseWhenTheDirectorCannotTake() {
        director.refusal = "the lease has run out";
        Order take = take(true);
        turns(1);
        assertEquals("taking the addresses failed: the lease has run out", refusal(take));
        assertFalse(director.isLeased(nowNs));
    }

    @Test
    void shouldOwnForHoursAndInOneEpoch() throws Exception {
        become(State.MASTER);
        for (int i = 0; i < 100_000; i++) {
            turns(1);
            assertTrue(director.isLeased(nowNs + TICK_NS));
        }
        Order again = take(false);
        turns(1);
        FailoverReport report = again.answered().get();
        assertEquals("nothing to do", report.cause());
        assertEquals("a owns the addresses", report.evidence());
        assertEquals(1, report.epoch());
        assertEquals(1, reports.size(), "what changes nothing is not reported");
    }

    @Test
    void shouldSendDrainAndFallSilentWhenReleased() throws Exception {
        become(State.MASTER);
        director.calls.clear();
        Order release = release();
        turns(1);
        assertEquals(List.of("flush"), director.calls);
        turns(20);
        assertTrue(director.isLeased(nowNs), "it owns while it flushes");
        director.flushed.complete(null);
        turns(2);
        assertEquals(List.of("flush", "release 100"), director.calls);
        FailoverReport report = release.answered().get();
        assertEquals("a", report.from());
        assertEquals("", report.to());
        assertEquals(List.of("flush", "silence"), List.copyOf(report.phasesMs().keySet()));
        assertEquals(State.BACKUP, loop.standing().state());
        turns(10);
        assertTrue(director.isLeased(nowNs), "it forwards what is under way");
        turns(20);
        assertFalse(director.isLeased(nowNs));
        Order again = release();
        turns(1);
        assertEquals("nothing to do", again.answered().get().cause());
    }

    @Test
    void shouldReleaseAllTheSameWhenTheFlushDoesNotEnd() throws Exception {
        become(State.MASTER);
        Order release = release();
        turns(205);
        assertEquals("flushing the connections did not end", release.answered().get().evidence());
        assertEquals(State.BACKUP, loop.standing().state());
    }

    @Test
    void shouldGrowItsEpochWithEachTaking() {
        become(State.MASTER);
        become(State.BACKUP);
        become(State.MASTER);
        assertEquals(2, loop.standing().epoch());
    }

    @Test
    void shouldGoAboveEveryEpochThatPeersKnow() {
        director.syncEpoch = 7;
        become(State.MASTER);
        assertEquals(8, loop.standing().epoch());
        assertEquals(8, director.epoch);
        turns(100);
        assertEquals(8, director.epoch, "for one that stays the same once is enough");
        director.syncEpoch = 12;
        turns(1);
        assertEquals(13, loop.standing().epoch());
        assertEquals(13, director.epoch);
        become(State.BACKUP);
        director.syncEpoch = 20;
        turns(100);
        assertEquals(13, director.epoch, "a backup leaves it as it is");
    }

    @Test
    void shouldDoOneAfterTheOther() throws Exception {
        Order first = take(true);
        Order second = release();
        Order third = take(true);
        director.flushed.complete(null);
        turns(5);
        assertEquals(List.of("take", "flush", "release 100", "take"), director.calls);
        assertEquals(1, first.answered().get().epoch());
        assertEquals("", second.answered().get().to());
        assertEquals(2, third.answered().get().epoch());
        turns(100);
        assertTrue(director.isLeased(nowNs), "the drain of the release does not end the lease");
    }

    @Test
    void shouldLookRoundWhenItSleptPastItsLease() {
        become(State.MASTER);
        director.probed = new CompletableFuture<>();
        director.calls.clear();
        nowNs += MILLISECONDS.toNanos(5000);
        turns(1);
        assertEquals(State.FENCED, loop.standing().state());
        assertEquals(List.of("release 0", "probe 20"), director.calls);
        assertFalse(director.isLeased(nowNs));
        director.probed.complete("");
        turns(2);
        assertEquals(State.MASTER, loop.standing().state());
        assertEquals(2, loop.standing().epoch());
        assertEquals("a slept past its lease", reports.getLast().cause());
    }

    @Test
    void shouldStayAwayWhenSomebodyTookTheAddressesWhileItSlept() {
        become(State.MASTER);
        director.probed = new CompletableFuture<>();
        nowNs += MILLISECONDS.toNanos(5000);
        turns(1);
        director.probed.complete("somebody");
        turns(1);
        assertEquals(State.BACKUP, loop.standing().state());
        assertEquals("vip-in-use: somebody", loop.standing().reason());
        assertEquals("", reports.getLast().to());
        turns(1000);
        assertFalse(director.isLeased(nowNs));
    }

    @Test
    void shouldLetGoWhenTheDirectorCannotWork() {
        become(State.MASTER);
        director.fault = "outside: link down";
        turns(1);
        assertEquals(State.FAULT, loop.standing().state());
        assertFalse(director.isLeased(nowNs));
        assertEquals("fault of a", reports.getLast().cause());
        Order take = take(true);
        turns(1);
        assertEquals("outside: link down", refusal(take));
        director.fault = "";
        turns(199);
        assertEquals(State.FAULT, loop.standing().state());
        turns(3);
        assertEquals(State.BACKUP, loop.standing().state(), "it takes nothing back by itself");
    }

    @Test
    void shouldLetGoWhenThePacketLoopStandsStill() {
        become(State.MASTER);
        director.hangs = true;
        turns(202);
        assertEquals("the packet loop stands still", loop.standing().reason());
        assertEquals(State.FAULT, loop.standing().state());
    }

    @Test
    void shouldReleaseBeforeItStops() {
        become(State.MASTER);
        director.calls.clear();
        director.flushed.complete(null);
        loop.stop();
        turns(3);
        assertEquals(List.of("flush", "release 100"), director.calls);
        assertEquals(State.BACKUP, loop.standing().state(), "until what is under way is through");
        turns(25);
        assertEquals(State.STOPPED, loop.standing().state());
        assertFalse(director.isLeased(nowNs));
        assertEquals("a is stopped", reports.getLast().cause());
    }

    private void become(State state) {
        director.flushed.complete(null);
        Order order = state == State.MASTER ? take(true) : release();
        turns(3);
        assertEquals(state, loop.standing().state());
        assertTrue(order.answered().isDone());
        director.flushed = new CompletableFuture<>();
    }

    private Order take(boolean force) {
        return give(new Order(Order.Kind.TAKE, force, "command"));
    }

    private Order release() {
        return give(new Order(Order.Kind.RELEASE, false, "command"));
    }

    private Order give(Order order) {
        orders.add(order);
        return order;
    }

    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            nowNs += TICK_NS;
            loop.turn(nowNs);
        }
    }

    private static String refusal(Order order) {
        try {
            return "not refused: " + order.answered().get();
        } catch (ExecutionException e) {
            return String.valueOf(e.getMessage()).replaceFirst("^.*HandoverException: ", "");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A director that notes what it is told and answers when the test says so. */
    private static final class ScriptedDirector implements DirectorControl {
        final List<String> calls = new ArrayList<>();
        CompletableFuture<String> probed = new CompletableFuture<>();
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        String refusal = "";
        String fault = "";
        boolean hangs;
        long syncEpoch;
        long epoch;
        private long progress;
        private long leaseUntilNs;
        private boolean leaseEnded;

        boolean isLeased(long nowNs) {
            return !leaseEnded && nowNs - leaseUntilNs < 0;
        }

        @Override
        public void leaseUntil(long deadlineNs) {
            leaseUntilNs = deadlineNs;
            leaseEnded = false;
        }

        @Override
        public void endLease() {
            leaseEnded = true;
        }

        @Override
        public CompletableFuture<Takeover> takeAddresses() {
            calls.add("take");
            return refusal.isEmpty()
                    ? CompletableFuture.completedFuture(new Takeover(42, 0))
                    : CompletableFuture.failedFuture(new IllegalStateException(refusal));
        }

        @Override
        public CompletableFuture<Void> releaseAddresses(long drainMs) {
            calls.add("release " + drainMs);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<String> probeAddresses(long waitMs) {
            calls.add("probe " + waitMs);
            return probed;
        }

        @Override
        public CompletableFuture<Void> flushSync() {
            calls.add("flush");
            return flushed;
        }

        @Override
        public void peerJoined() {}

        @Override
        public void epoch(long epoch) {
            this.epoch = epoch;
        }

        @Override
        public Vitals vitals() {
            progress += hangs ? 0 : 1;
            return new Vitals(progress, 42, 0, syncEpoch, 0, fault, Readiness.NOBODY_TO_ASK, null);
        }
    }
}
