package dev.tandem.director.control;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.route.NextHops;
import dev.tandem.director.sync.SyncReceiver;
import dev.tandem.director.sync.SyncSender;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.hardening.HardenedLink;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.table.TableExchange;
import dev.tandem.sync.transport.SyncLink;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of a director's replication together: its own, and those of sync daemons that are
 * started while it runs.
 *
 * @param table what is replicated
 * @param nextHops told of the clients of received connections
 */
record SyncAssembly(ConnectionTable table, NextHops nextHops) {
    /**
     * What the worker sends on and receives from; null when connections are not replicated.
     *
     * @param silent whether it only listens
     */
    static @Nullable SyncLink link(DirectorConfig config, Wiring wiring, boolean silent) {
        if (wiring.sync().isEmpty() || config.sync().isEmpty()) {
            return null;
        }
        SyncConfig sync = config.sync().get();
        SyncLink link = wiring.sync().get();
        if (sync.hardening().mode() == HardeningConfig.Mode.OFF) {
            return link;
        }
        return silent
                ? HardenedLink.listenOnly(link, sync.syncId(), sync.hardening())
                : new HardenedLink(link, sync.syncId(), sync.hardening());
    }

    SyncSender sender(SyncLink link, SyncConfig sync) {
        return new SyncSender(
                table,
                link,
                () -> new SyncEncoder(sync.syncId(), sync.link().sendLength(), sync.version()),
                sync.policy(),
                sync.flushMs());
    }

    /**
     * Both roles over one link.
     *
     * @param exchange of tables, or null when there is none
     */
    Replication replication(
            SyncLink link,
            SyncSender sender,
            SyncConfig sync,
            Connections connections,
            @Nullable TableExchange exchange) {
        SyncReceiver receiver =
                new SyncReceiver(
                        connections,
                        link,
                        sender,
                        sync.syncId(),
                        sync.policy().threshold(),
                        nextHops);
        TableTransfer tables =
                exchange == null
                        ? null
                        : new TableTransfer(exchange, table, sender, receiver, sync.syncId());
        return new Replication(link, sender, receiver, table, tables);
    }
}
