package dev.tandem.tools.daemon;

import java.util.Comparator;

/**
 * Which services of a cluster are the newer ones: higher epoch, then higher counter. Two masters
 * that did not know of each other may have made the same numbers; then the name decides, so that
 * all nodes decide alike.
 *
 * @param epoch in which its master owned the addresses
 * @param counter grows with every version
 * @param origin the node that made it; empty for {@link #NONE}
 */
record ServicesVersion(long epoch, long counter, String origin)
        implements Comparable<ServicesVersion> {
    /** The services of a node's own file, older than everything that was ever published. */
    static final ServicesVersion NONE = new ServicesVersion(0, 0, "");

    private static final Comparator<ServicesVersion> ORDER =
            Comparator.comparingLong(ServicesVersion::epoch)
                    .thenComparingLong(ServicesVersion::counter)
                    .thenComparing(ServicesVersion::origin);

    /** What a master of this epoch publishes next; newer than this one in any case. */
    ServicesVersion next(long mastersEpoch, String node) {
        return new ServicesVersion(Math.max(epoch, mastersEpoch), counter + 1, node);
    }

    @Override
    public int compareTo(ServicesVersion other) {
        return ORDER.compare(this, other);
    }

    /** For people: {@code own file}, or {@code version 5.3 from a}. */
    String text() {
        return equals(NONE)
                ? "own file"
                : "version %d.%d from %s".formatted(epoch, counter, origin);
    }
}
