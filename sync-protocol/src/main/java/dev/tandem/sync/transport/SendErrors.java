package dev.tandem.sync.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Messages that could not be sent, by the system's words for the reason. Any thread may read. */
final class SendErrors {
    /** The system has few words; should it have more, the rest stands together. */
    private static final int MAX_REASONS = 16;

    private static final String OTHER = "other";

    private final AtomicLong total = new AtomicLong();
    private final Map<String, Long> reasons = new ConcurrentHashMap<>();

    void count(String reason) {
        total.incrementAndGet();
        boolean known = reasons.containsKey(reason) || reasons.size() < MAX_REASONS;
        reasons.merge(known ? reason : OTHER, 1L, Long::sum);
    }

    long total() {
        return total.get();
    }

    Map<String, Long> byReason() {
        return Map.copyOf(reasons);
    }

    /** What an exception of a socket says, or what it is. */
    static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
