package dev.tandem.director.conn;

import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.VirtualService;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncRecord;
import org.jspecify.annotations.Nullable;

/**
 * Applies received sync records to the connection table, as the kernel's backup does
 * (net/netfilter/ipvs/ip_vs_sync.c, ip_vs_proc_conn). Worker thread only; allocates nothing.
 *
 * <p>A record for a server that is configured here binds to that server, and then this director's
 * own forwarding method holds, whatever the sender uses. A record for an unknown service or server
 * makes an entry all the same, with the sender's method and no statistics; it binds with the first
 * record that comes after the server was configured.
 */
public final class SyncedConnections {
    /** What became of a record. */
    public enum Outcome {
        /** A new entry was made. */
        CREATED,
        /** The entry was there and took over the record's state and timeout. */
        UPDATED,
        /** The entry was there with another server; a new one took its place. */
        REPLACED,
        /** The late close of a connection that was replaced already. */
        LATE_CLOSE,
        /** No entry was made: the table is full. */
        TABLE_FULL,
        /** An IPv6 connection, which this director does not have. */
        IPV6,
        /** A persistence template, which this director does not have. */
        TEMPLATE,
        /** A protocol that this director does not balance. */
        PROTOCOL,
        /** A connection whose client port is not known yet, which this director does not have. */
        NO_CLIENT_PORT
    }

    private final Connections connections;
    private final ConnectionTable table;
    private final Services services;

    public SyncedConnections(Connections connections) {
        this.connections = connections;
        this.table = connections.table();
        this.services = connections.services();
    }

    /**
     * Applies one record that the decoder found good.
     *
     * @param inPackets what the entry's packet count becomes: the sync threshold of this host
     * @param peerGeneration see {@link ConnectionEntry#peerGeneration}: the sender has the entry
     */
    public Outcome apply(SyncRecord record, int inPackets, int peerGeneration, long nowNs) {
        Outcome unsupported = unsupported(record);
        if (unsupported != null) {
            return unsupported;
        }
        long entry =
                table.findIn(
                        record.protocol(),
                        record.clientAddress(),
                        record.clientPort(),
                        record.virtualAddress(),
                        record.virtualPort());
        Outcome outcome = Outcome.UPDATED;
        if (entry == ConnectionTable.NONE) {
            outcome = Outcome.CREATED;
        } else if (hasOtherServer(entry, record)) {
            if ((record.flags() & SyncFlags.INACTIVE) != 0) {
                return Outcome.LATE_CLOSE;
            }
            connections.remove(entry);
            outcome = Outcome.REPLACED;
        } else {
            update(entry, record);
        }
        if (outcome != Outcome.UPDATED) {
            entry = create(record, nowNs);
            if (entry == ConnectionTable.NONE) {
                return Outcome.TABLE_FULL;
            }
        }
        ConnectionEntry.state(entry, record.state());
        ConnectionEntry.syncedState(entry, record.state());
        ConnectionEntry.inPackets(entry, inPackets);
        ConnectionEntry.peerGeneration(entry, peerGeneration);
        ConnectionEntry.startTimer(entry, timeoutSeconds(record), nowNs);
        return outcome;
    }

    private static @Nullable Outcome unsupported(SyncRecord record) {
        if (record.isIpv6()) {
            return Outcome.IPV6;
        }
        if (record.isTemplate()) {
            return Outcome.TEMPLATE;
        }
        if (record.protocol() != IpProtocol.TCP && record.protocol() != IpProtocol.UDP) {
            return Outcome.PROTOCOL;
        }
        return (record.flags() & SyncFlags.NO_CPORT) != 0 ? Outcome.NO_CLIENT_PORT : null;
    }

    private static boolean hasOtherServer(long entry, SyncRecord record) {
        return ConnectionEntry.realAddress(entry) != record.realAddress()
                || ConnectionEntry.realPort(entry) != record.realPort();
    }

    private long create(SyncRecord record, long nowNs) {
        int flags = (record.flags() & SyncFlags.CREATE_MASK) | SyncFlags.SYNC;
        RealServer server = configuredServer(record);
        long entry =
                table.add(
                        record.protocol(),
                        record.clientAddress(),
                        record.clientPort(),
                        record.virtualAddress(),
                        record.virtualPort(),
                        record.realAddress(),
                        record.realPort(),
                        flags);
        if (entry != ConnectionTable.NONE) {
            ConnectionEntry.syncEndMs(entry, SyncPolicy.initialSyncEnd(nowNs / 1_000_000));
            if (server != null) {
                bind(entry, server);
            }
        }
        return entry;
    }

    private void update(long entry, SyncRecord record) {
        boolean inactive = (record.flags() & SyncFlags.INACTIVE) != 0;
        RealServer server = connections.server(entry);
        if (server != null && inactive != ConnectionEntry.isInactive(entry)) {
            server.shift(inactive);
        }
        ConnectionEntry.flags(
                entry,
                (record.flags() & SyncFlags.UPDATE_MASK)
                        | (ConnectionEntry.flags(entry) & ~SyncFlags.UPDATE_MASK));
        if (server == null) {
            server = configuredServer(record);
            if (server != null) {
                bind(entry, server);
            }
        }
    }

    /** Binds the entry with the server's own forwarding method; its INACTIVE flag stays. */
    private void bind(long entry, RealServer server) {
        int methodFlags = Connections.methodFlags(server);
        table.forwarding(entry, methodFlags & SyncFlags.FWD_MASK);
        int others = ConnectionEntry.flags(entry) & ~SyncFlags.NOOUTPUT;
        ConnectionEntry.flags(entry, others | (methodFlags & SyncFlags.NOOUTPUT));
        ConnectionEntry.serverId(entry, server.id());
        server.bind(ConnectionEntry.isInactive(entry));
    }

    private @Nullable RealServer configuredServer(SyncRecord record) {
        VirtualService service =
                services.find(record.protocol(), record.virtualAddress(), record.virtualPort());
        return service == null ? null : service.server(record.realAddress(), record.realPort());
    }

    private static int timeoutSeconds(SyncRecord record) {
        long seconds = record.timeoutSeconds();
        return seconds == 0
                ? Connections.timeoutSeconds(record.protocol(), record.state())
                : (int) Math.min(seconds, Integer.MAX_VALUE);
    }
}
