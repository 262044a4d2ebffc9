package dev.tandem.failover.core;

/**
 * A voter's own vote, and for how long it binds: until then it votes for nobody else, for so long
 * the holder's lease may last that rests on this vote.
 *
 * @param epoch the highest epoch in which it ever voted
 * @param holder for whom; empty: for nobody (any more)
 * @param untilNs how long it binds
 */
record Ballot(long epoch, String holder, long untilNs) {
    Ballot boundUntil(long nextUntilNs) {
        return new Ballot(epoch, holder, nextUntilNs);
    }

    /** Nobody's, and free at once. */
    Ballot released(long nowNs) {
        return new Ballot(epoch, "", nowNs);
    }

    boolean isFor(String node, long ofEpoch) {
        return epoch == ofEpoch && holder.equals(node);
    }
}
