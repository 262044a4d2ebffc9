package dev.tandem.failover.detect;

import dev.tandem.failover.detect.HeartbeatCodec.Verdict;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the heartbeat's socket counted since it was opened; written by its one thread, read by any.
 */
public final class HeartbeatCounters {
    private final Map<Verdict, AtomicLong> received = new EnumMap<>(Verdict.class);
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong sendErrors = new AtomicLong();

    HeartbeatCounters() {
        for (Verdict verdict : Verdict.values()) {
            received.put(verdict, new AtomicLong());
        }
    }

    void count(Verdict verdict) {
        counter(verdict).incrementAndGet();
    }

    void countSent() {
        sent.incrementAndGet();
    }

    void countSendError() {
        sendErrors.incrementAndGet();
    }

    private AtomicLong counter(Verdict verdict) {
        return Objects.requireNonNull(received.get(verdict));
    }

    /** Datagrams that were found to be any of these. */
    public long received(Verdict... verdicts) {
        long sum = 0;
        for (Verdict verdict : verdicts) {
            sum += counter(verdict).get();
        }
        return sum;
    }

    /** Heartbeats the kernel took. */
    public long sent() {
        return sent.get();
    }

    /** Heartbeats it did not take: no route, no buffer, a packet filter. */
    public long sendErrors() {
        return sendErrors.get();
    }
}
