package dev.tandem.failover.core;

/**
 * For whom a node votes, as it says in its heartbeats. A node that votes for itself asks for the
 * votes of the others. Where a gateway is the arbiter nobody votes: the epoch is 0, and the holder
 * is whom the sender follows.
 *
 * @param epoch the epoch in which it grants the addresses; 0: it has voted for nobody
 * @param holder to whom; empty: to nobody any more, or yet
 * @param echoNs when the holder sent the newest heartbeat that was heard of it, by the holder's own
 *     clock
 */
public record Vote(long epoch, String holder, long echoNs) {
    /** Of a node that never voted. */
    public static final Vote NONE = new Vote(0, "", 0);
}
