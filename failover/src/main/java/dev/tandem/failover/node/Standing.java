package dev.tandem.failover.node;

import dev.tandem.failover.core.State;

/**
 * How a manual node stands, as its thread last published it.
 *
 * @param epoch of its last taking of the addresses, 0 before the first
 * @param leaseUntilNs until when the director was last told to own; only an owner's counts
 */
record Standing(State state, long epoch, String reason, long leaseUntilNs) {

    /** Whether the director works by the lease that the node's thread renews. */
    boolean holdsLease() {
        return state == State.MASTER || state == State.HANDOVER;
    }

    Standing in(State next, String why) {
        return new Standing(next, epoch, why, leaseUntilNs);
    }

    Standing leasedUntil(long deadlineNs) {
        return new Standing(state, epoch, reason, deadlineNs);
    }

    Standing inEpoch(long next) {
        return new Standing(state, next, reason, leaseUntilNs);
    }

    /** Empty for a master. */
    String whyNotMaster() {
        return switch (state) {
            case MASTER -> "";
            case BACKUP -> "nobody told it to take the addresses";
            default -> reason;
        };
    }
}
