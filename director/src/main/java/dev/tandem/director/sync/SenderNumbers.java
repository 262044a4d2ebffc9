package dev.tandem.director.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What a sender counts: written by the worker thread, read by any (opaque access, no fence). */
final class SenderNumbers {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SENT = 0;
    private static final int DROPPED = 1;
    private static final int WAITING = 2;
    private static final int NOT_CARRIED = 3;

    private final long[] cells = new long[4];

    /** A record was written into an open datagram. */
    void written() {
        add(WAITING, 1);
    }

    /** So many written records were handed to the link. */
    void handedOver(int records) {
        add(SENT, records);
        add(WAITING, -records);
    }

    /** A record was to be sent when no buffer was free. */
    void dropped() {
        add(DROPPED, 1);
    }

    /** A record was to be sent that the protocol version does not have. */
    void notCarried() {
        add(NOT_CARRIED, 1);
    }

    long sentRecords() {
        return get(SENT);
    }

    long droppedRecords() {
        return get(DROPPED);
    }

    long waitingRecords() {
        return get(WAITING);
    }

    long notCarriedRecords() {
        return get(NOT_CARRIED);
    }

    private long get(int cell) {
        return (long) CELLS.getOpaque(cells, cell);
    }

    private void add(int cell, long amount) {
        CELLS.setOpaque(cells, cell, cells[cell] + amount);
    }
}
