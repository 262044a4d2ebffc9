package dev.tandem.director.conn;

import java.util.ArrayList;
import java.util.List;

/**
 * One pass over the connection table for a listing, a bounded number of slots at a time, so that
 * the worker forwards packets in between. Worker thread, until {@link #result} is handed over.
 *
 * <p>It is no snapshot: connections that come and go during the pass may be in it or not.
 */
public final class ConnectionListing {
    private final ConnectionTable table;
    private final ConnectionFilter filter;
    private final int limit;
    private final List<ConnectionView> result = new ArrayList<>();
    private int slot;

    /**
     * @param limit most connections to list
     */
    public ConnectionListing(ConnectionTable table, ConnectionFilter filter, int limit) {
        this.table = table;
        this.filter = filter;
        this.limit = limit;
    }

    /**
     * Looks at the next {@code slots} slots.
     *
     * @return true when the pass is over or the limit reached
     */
    public boolean scan(int slots, long nowNs) {
        int end = (int) Math.min((long) slot + slots, table.slotCount());
        for (; slot < end && result.size() < limit; slot++) {
            long entry = table.entryAt(slot);
            if (entry != ConnectionTable.NONE && filter.matches(entry)) {
                result.add(ConnectionView.of(entry, nowNs));
            }
        }
        return slot >= table.slotCount() || result.size() >= limit;
    }

    /** What was found so far. */
    public List<ConnectionView> result() {
        return List.copyOf(result);
    }
}
