package dev.tandem.director.conn;

import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncState;
import org.jspecify.annotations.Nullable;

/**
 * How entries are bound to servers, put under others, and end (net/netfilter/ipvs/ip_vs_conn.c,
 * ip_vs_bind_dest, ip_vs_conn_expire). Keeps the counters of servers in step. Worker thread only.
 *
 * <p>An entry under which others stand does not end: when its time is over it gets another minute,
 * and when it has to make way it is retired: nothing finds it any more, and it ends after the last
 * of them. The kernel makes that minute the timeout for good, so that a template keeps a client for
 * a minute instead of the service's time; here the timeout stays what it was.
 */
final class EntryLife {
    private static final long ANOTHER_MINUTE_NS = 60_000_000_000L;

    private final ConnectionTable table;
    private final Services services;
    private final ReplicationHook replication;

    EntryLife(ConnectionTable table, Services services, ReplicationHook replication) {
        this.table = table;
        this.services = services;
        this.replication = replication;
    }

    /** The server that the entry is bound to, or null. */
    @Nullable RealServer server(long entry) {
        return services.server(ConnectionEntry.serverId(entry));
    }

    /** Flags that follow from a server's forwarding method. */
    static int methodFlags(RealServer server) {
        int code = server.forwarding().code();
        return code == SyncFlags.MASQ ? code : code | SyncFlags.NOOUTPUT;
    }

    /** Binds an entry; its flags, INACTIVE among them, are there already. */
    void bind(long entry, RealServer server) {
        ConnectionEntry.serverId(entry, server.id());
        if (ConnectionEntry.isTemplate(entry)) {
            server.bindTemplate();
        } else {
            server.bind(ConnectionEntry.isInactive(entry));
        }
    }

    /** The entry's time is over. */
    void expire(long entry, long nowNs) {
        if (EntryDetails.children(entry) == 0) {
            remove(entry);
        } else {
            ConnectionEntry.deadlineNs(entry, nowNs + ANOTHER_MINUTE_NS);
            replication.kept(entry, nowNs);
        }
    }

    /** The entry has to make way for another under its key. */
    void makeWay(long entry) {
        if (EntryDetails.children(entry) == 0) {
            remove(entry);
        } else {
            table.retire(entry);
        }
    }

    /**
     * Ends an entry before its time, and with the last child its parents, up to an assured template
     * or the one that is spared (the kernel's forced delete). The entry has no children.
     */
    void forget(long entry, long spared) {
        long next = entry;
        while (next != ConnectionTable.NONE) {
            long parent = remove(next);
            next =
                    parent == ConnectionTable.NONE
                                    || parent == spared
                                    || EntryDetails.children(parent) != 0
                                    || isAssured(parent)
                            ? ConnectionTable.NONE
                            : parent;
        }
    }

    /**
     * Takes an entry without children out of the table and out of its server's counts.
     *
     * @return the parent that it had, or NONE
     */
    long remove(long entry) {
        long parent = table.orphan(entry);
        RealServer server = server(entry);
        if (server != null) {
            if (ConnectionEntry.isTemplate(entry)) {
                server.unbindTemplate();
            } else {
                server.unbind(ConnectionEntry.isInactive(entry));
            }
        }
        if (!table.isTransient(entry)) {
            table.remove(entry);
        }
        return parent;
    }

    /** Whether a template's service schedules each packet by itself. */
    boolean isOnePacketService(long template) {
        RealServer server = server(template);
        return server != null && server.service().options().onePacket();
    }

    private static boolean isAssured(long entry) {
        return ConnectionEntry.isTemplate(entry)
                && (ConnectionEntry.state(entry) & SyncState.TEMPLATE_ASSURED) != 0;
    }
}
