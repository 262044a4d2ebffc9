package dev.tandem.director.forward;

import java.util.EnumMap;
import java.util.Map;

/**
 * What became of the frames. Written by the worker thread alone, without synchronization; other
 * threads read values that may be a moment old.
 */
@SuppressWarnings("EnumOrdinal") // the index of an array that never leaves the process
public final class PathCounters {
    private static final DropReason[] REASONS = DropReason.values();

    private final long[] drops = new long[REASONS.length];
    long toServer;
    long toClient;
    long icmpTranslated;
    long echoReplies;
    long icmpErrors;
    long resets;
    long answersSuppressed;
    long pendingNow;
    long fragments;
    long passedOver;
    long reassembled;
    long fragmented;

    void drop(DropReason reason) {
        drops[reason.ordinal()]++;
    }

    public long dropped(DropReason reason) {
        return drops[reason.ordinal()];
    }

    /** Client packets handed to a port or waiting for their next hop. */
    public long toServer() {
        return toServer;
    }

    /** Server packets handed to a port or waiting for their next hop. */
    public long toClient() {
        return toClient;
    }

    /** ICMP errors passed on through a connection, in either direction. */
    public long icmpTranslated() {
        return icmpTranslated;
    }

    /** Pings answered. */
    public long echoReplies() {
        return echoReplies;
    }

    /** ICMP errors that the director sent of its own. */
    public long icmpErrors() {
        return icmpErrors;
    }

    /** TCP resets that the director sent of its own. */
    public long resets() {
        return resets;
    }

    /** ICMP errors and resets not sent, because there were too many of them in too short a time. */
    public long answersSuppressed() {
        return answersSuppressed;
    }

    /** Messages of neighbour discovery, which are heard elsewhere. */
    public long passedOver() {
        return passedOver;
    }

    /** Fragments taken in; what becomes of the whole packet is counted once more. */
    public long fragments() {
        return fragments;
    }

    /** Packets put together from their fragments. */
    public long reassembled() {
        return reassembled;
    }

    /** Packets that left in fragments. */
    public long fragmented() {
        return fragmented;
    }

    /** Frames that wait for their next hop's hardware address. */
    public long pending() {
        return pendingNow;
    }

    /** The reasons that occurred, with their counts. */
    public Map<DropReason, Long> drops() {
        Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);
        for (DropReason reason : REASONS) {
            if (dropped(reason) != 0) {
                counts.put(reason, dropped(reason));
            }
        }
        return counts;
    }
}
