package dev.tandem.director.conn;

import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.sync.wire.SyncFlags;
import org.jspecify.annotations.Nullable;

/**
 * Binds entries that came by sync messages to the servers that are configured here. Worker thread
 * only.
 *
 * <p>A peer's connections may come before the services that they belong to: a node that has just
 * started hears of its peer's connections and of its peer's services on different ways. A kernel
 * binds such an entry with its next sync message, so that an idle connection counts for nothing at
 * its server, and not for its scheduler. Here the table is walked once after a change of the
 * services if there may be such entries, a piece a turn.
 */
final class SyncedBinding {
    private static final int SLOTS_PER_TURN = 1024;

    private final ConnectionTable table;
    private final Services services;
    private final EntryLife life;
    private long seen;
    private int slot;
    private boolean scanning;
    private boolean unbound;

    SyncedBinding(ConnectionTable table, Services services, EntryLife life) {
        this.table = table;
        this.services = services;
        this.life = life;
        this.seen = services.snapshot().version();
    }

    /**
     * Binds the entry with the server's own forwarding method. The INACTIVE flag of a connection
     * stays; a template has it always.
     *
     * @param server null: it is not configured here, so that the entry has to wait for it
     */
    void bind(long entry, @Nullable RealServer server) {
        if (server == null) {
            unbound = true;
            return;
        }
        int methodFlags = EntryLife.methodFlags(server);
        table.forwarding(entry, methodFlags & SyncFlags.FWD_MASK);
        int flags =
                (ConnectionEntry.flags(entry) & ~SyncFlags.NOOUTPUT)
                        | (methodFlags & SyncFlags.NOOUTPUT);
        if (ConnectionEntry.isTemplate(entry)) {
            flags |= SyncFlags.INACTIVE;
        }
        ConnectionEntry.flags(entry, flags);
        life.bind(entry, server);
    }

    private @Nullable RealServer configured(long entry) {
        boolean ipv6 = ConnectionEntry.isIpv6(entry);
        return services.findSynced(
                ipv6,
                EntryDetails.fwmark(entry),
                ConnectionEntry.protocol(entry),
                ipv6 ? EntryAddresses6.virtualHigh(entry) : 0,
                ipv6
                        ? EntryAddresses6.virtualLow(entry)
                        : Integer.toUnsignedLong(ConnectionEntry.virtualAddress(entry)),
                ConnectionEntry.virtualPort(entry),
                ConnectionEntry.isRealIpv6(entry),
                ConnectionEntry.realHigh(entry),
                ConnectionEntry.realLow(entry),
                ConnectionEntry.realPort(entry),
                ConnectionEntry.forwardingCode(entry));
    }

    /** Above 0 when there is more to do. */
    int doWork() {
        long version = services.snapshot().version();
        if (version != seen) {
            seen = version;
            slot = 0;
            scanning = unbound;
            unbound = false;
        }
        if (!scanning) {
            return 0;
        }
        int end = Math.min(slot + SLOTS_PER_TURN, table.slotCount());
        for (; slot < end; slot++) {
            long entry = table.entryAt(slot);
            if (entry != ConnectionTable.NONE
                    && ConnectionEntry.serverId(entry) == 0
                    && ConnectionEntry.isSynced(entry)) {
                bind(entry, configured(entry));
            }
        }
        scanning = slot < table.slotCount();
        return scanning ? 1 : 0;
    }
}
