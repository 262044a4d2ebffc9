package dev.tandem.director.control;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.conn.Fixture;
import dev.tandem.director.service.Services;
import dev.tandem.director.sync.SyncReceiver;
import dev.tandem.director.sync.SyncSender;
import dev.tandem.director.testing.Lan;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardenedLink;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.HardeningStatus;
import dev.tandem.sync.table.TableExchange;
import dev.tandem.sync.transport.SyncLink;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The table and the sync roles of a director, in virtual time. */
final class SimulatedDirector implements AutoCloseable {
    private static final int SYNC_ID = 5;
    private static final int FLUSH_MS = 5;
    private static final int LIMIT = 1 << 14;

    final Services services = Fixture.services();
    final ConnectionTable table = new ConnectionTable(LIMIT);
    final @Nullable HardenedLink link;
    final SyncSender sender;
    final Connections connections;
    final Replication replication;
    boolean master;

    SimulatedDirector(SyncLink wire, HardeningConfig config, SyncPolicy policy) {
        this(wire, config, policy, null);
    }

    /**
     * @param exchange of tables, or null for none
     */
    SimulatedDirector(
            SyncLink wire,
            HardeningConfig config,
            SyncPolicy policy,
            @Nullable TableExchange exchange) {
        link =
                config.mode() == HardeningConfig.Mode.OFF
                        ? null
                        : new HardenedLink(wire, SYNC_ID, config);
        SyncLink used = link == null ? wire : link;
        sender =
                new SyncSender(table, used, () -> new SyncEncoder(SYNC_ID, 1472), policy, FLUSH_MS);
        connections = new Connections(table, services, sender);
        SyncReceiver receiver =
                new SyncReceiver(connections, used, sender, SYNC_ID, policy.threshold(), new Lan());
        replication =
                new Replication(
                        used,
                        sender,
                        receiver,
                        table,
                        exchange == null
                                ? null
                                : new TableTransfer(exchange, table, sender, receiver, SYNC_ID));
    }

    void take(long epoch, long nowNs) {
        replication.epoch(epoch);
        replication.becomeMaster(nowNs);
        master = true;
    }

    void release() {
        replication.becomeBackup();
        master = false;
    }

    void turn(long nowNs) {
        replication.doWork(nowNs);
        connections.doWork(nowNs);
    }

    HardeningStatus status() {
        return Objects.requireNonNull(link).status();
    }

    /**
     * What the peers should have of this director's table, or have given to it: connection to state
     * and server.
     */
    SortedMap<String, String> shared() {
        SortedMap<String, String> entries = new TreeMap<>();
        for (int slot = 0; slot < table.slotCount(); slot++) {
            long entry = table.entryAt(slot);
            if (entry != ConnectionTable.NONE && ConnectionEntry.peerGeneration(entry) != 0) {
                entries.put(
                        ConnectionEntry.protocol(entry)
                                + ":"
                                + ConnectionEntry.virtualPort(entry)
                                + ":"
                                + ConnectionEntry.clientPort(entry),
                        ConnectionEntry.syncedState(entry)
                                + "@"
                                + Integer.toHexString(ConnectionEntry.realAddress(entry))
                                + ":"
                                + ConnectionEntry.realPort(entry));
            }
        }
        return entries;
    }

    @Override
    public void close() {
        table.close();
    }
}
