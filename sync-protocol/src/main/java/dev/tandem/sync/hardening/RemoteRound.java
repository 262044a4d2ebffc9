package dev.tandem.sync.hardening;

import java.util.Arrays;

/**
 * Follows a sender's table round over all of its streams. A round is good when its begin was taken
 * on every stream, nothing was lost behind it, and its end was taken on every stream.
 */
final class RemoteRound {
    private final boolean[] began;
    private final boolean[] ended;
    private long number;
    private long beganAt;
    private boolean broken;
    private boolean running;

    RemoteRound(int streams) {
        began = new boolean[streams];
        ended = new boolean[streams];
    }

    /** True when this is the first that is heard of the round. */
    boolean begin(int stream, long number, long sequence) {
        boolean first = !running || number != this.number;
        if (first) {
            this.number = number;
            running = true;
            broken = false;
            Arrays.fill(began, false);
            Arrays.fill(ended, false);
        }
        began[stream] = true;
        if (stream == 0) {
            beganAt = sequence;
        }
        return first;
    }

    /** Datagrams of the stream were given up. */
    void lost() {
        broken = true;
    }

    /** True when the round is over with this, for good or for bad. */
    boolean end(int stream, long number) {
        if (!running || number != this.number) {
            return false;
        }
        broken |= !began[stream];
        ended[stream] = true;
        for (boolean each : ended) {
            if (!each) {
                return false;
            }
        }
        running = false;
        return true;
    }

    boolean isGood() {
        return !broken;
    }

    boolean isRunning() {
        return running;
    }

    /** Sequence of its begin on stream 0. */
    long beganAt() {
        return beganAt;
    }
}
