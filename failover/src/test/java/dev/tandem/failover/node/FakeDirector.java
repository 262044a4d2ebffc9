package dev.tandem.failover.node;

import dev.tandem.director.control.DirectorControl;
import dev.tandem.director.control.Readiness;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A director of a few lines: owns what it was given while its lease lasts. */
final class FakeDirector implements DirectorControl {
    private volatile long leaseUntilNs = System.nanoTime();
    private volatile boolean taken;
    private volatile String fault = "";
    private volatile boolean refusesToTake;
    private volatile boolean hangs;
    private volatile int syncLag;
    private volatile Readiness readiness = Readiness.NOT_REPLICATED;
    private volatile long takenAtNs;
    private volatile long toldEpoch;
    private volatile boolean gatewayAnswers;
    private long progress;
    private @Nullable Long gatewayAnsweredNs;

    /** Who answers a probe; empty when nobody does. */
    private volatile Supplier<String> wire = () -> "";

    void onWire(Supplier<String> answers) {
        wire = answers;
    }

    void fail(String cause) {
        fault = cause;
    }

    void hang() {
        hangs = true;
    }

    void gatewayAnswers(boolean answers) {
        gatewayAnswers = answers;
    }

    void refuseToTake() {
        refusesToTake = true;
    }

    void lagBehind(int records) {
        syncLag = records;
    }

    void ready(Readiness how) {
        readiness = how;
    }

    boolean owns() {
        return taken && leaseUntilNs - System.nanoTime() > 0;
    }

    long takenAtNs() {
        return takenAtNs;
    }

    @Override
    public void leaseUntil(long deadlineNs) {
        leaseUntilNs = deadlineNs;
    }

    @Override
    public void endLease() {
        leaseUntilNs = System.nanoTime();
    }

    @Override
    public CompletableFuture<Takeover> takeAddresses() {
        if (refusesToTake) {
            return CompletableFuture.failedFuture(new CompletionException(new Exception("no")));
        }
        if (!taken) {
            takenAtNs = System.nanoTime();
        }
        taken = true;
        return CompletableFuture.completedFuture(new Takeover(7, takenAtNs));
    }

    @Override
    public CompletableFuture<Void> releaseAddresses(long drainMs) {
        taken = false;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<String> probeAddresses(long waitMs) {
        Executor later = CompletableFuture.delayedExecutor(waitMs, TimeUnit.MILLISECONDS);
        return CompletableFuture.supplyAsync(wire, later);
    }

    @Override
    public void epoch(long epoch) {
        toldEpoch = epoch;
    }

    /** What the director was last told. */
    long toldEpoch() {
        return toldEpoch;
    }

    @Override
    public void peerJoined() {}

    @Override
    public CompletableFuture<Void> flushSync() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized Vitals vitals() {
        if (!hangs) {
            progress++;
        }
        if (gatewayAnswers) {
            gatewayAnsweredNs = System.nanoTime();
        }
        return new Vitals(progress, 7, syncLag, 0, 0, fault, readiness, gatewayAnsweredNs);
    }
}
