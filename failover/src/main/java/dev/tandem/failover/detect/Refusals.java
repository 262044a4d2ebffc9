package dev.tandem.failover.detect;

import dev.tandem.failover.detect.HeartbeatCodec.Verdict;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose heartbeats are not believed, and why: each is logged once, and told to whoever asks while
 * it goes on. Written by the heartbeat's thread, read by any.
 */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    /** A flood of invented senders must not fill memory or log. */
    private static final int MOST = 16;

    private static final long RECENT_NS = TimeUnit.SECONDS.toNanos(10);

    private record Refusal(String from, Verdict verdict) {
        @Override
        public String toString() {
            return "heartbeats from " + from + " are not believed: " + why(verdict);
        }
    }

    private final Map<Refusal, Long> lastNs = new ConcurrentHashMap<>();

    void note(SocketAddress from, Verdict verdict) {
        String address =
                from instanceof InetSocketAddress inet
                        ? inet.getAddress().getHostAddress()
                        : from.toString();
        Refusal refusal = new Refusal(address, verdict);
        if (lastNs.containsKey(refusal) || lastNs.size() < MOST) {
            if (lastNs.put(refusal, System.nanoTime()) == null) {
                LOG.warn("{}", refusal);
            }
        }
    }

    /** What was refused within the last ten seconds. */
    List<String> recent() {
        long nowNs = System.nanoTime();
        return lastNs.entrySet().stream()
                .filter(entry -> nowNs - entry.getValue() < RECENT_NS)
                .map(entry -> entry.getKey().toString())
                .sorted()
                .toList();
    }

    private static String why(Verdict verdict) {
        return switch (verdict) {
            case ACCEPTED -> "";
            case OTHER_CLUSTER -> "they are of another cluster";
            case NOT_SIGNED -> "they are not signed, and this node has failover.keys";
            case SIGNED -> "they are signed, and this node has no failover.keys";
            case UNKNOWN_KEY -> "they are signed by a key whose id this node has not";
            case WRONG_SIGNATURE -> "they are signed by another key with an id that this node has";
            case UNKNOWN_NODE -> "who sends them has a name that is none of the peers'";
            case OWN_NAME -> "who sends them has this node's name";
            case WRONG_SENDER -> "who sends them has a peer's name, and not the peer's address";
            case WRONG_VERSION -> "they are of another version of tandem";
            case WRONG_LENGTH, WRONG_MAGIC, WRONG_NUMBER -> "they are malformed";
        };
    }
}
