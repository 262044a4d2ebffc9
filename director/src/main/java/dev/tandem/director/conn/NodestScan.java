package dev.tandem.director.conn;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.Setting;
import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;

/**
 * With {@code expire_nodest_conn}: ends the connections of servers that were removed
 * (net/netfilter/ipvs/ip_vs_conn.c, ip_vs_expire_nodest_conn_flush). Walks the table once after
 * each change of the services, a piece a turn. Worker thread only.
 */
final class NodestScan {
    private static final int SLOTS_PER_TURN = 1024;

    private final ConnectionTable table;
    private final Services services;
    private final EntryLife life;
    private final LiveSettings settings;
    private long seen;
    private int slot;
    private boolean scanning;

    NodestScan(ConnectionTable table, Services services, EntryLife life, LiveSettings settings) {
        this.table = table;
        this.services = services;
        this.life = life;
        this.settings = settings;
        this.seen = services.snapshot().version();
    }

    /** Above 0 when there is more to do. */
    int doWork() {
        long version = services.snapshot().version();
        if (version != seen) {
            seen = version;
            slot = 0;
            scanning = true;
        }
        if (!scanning) {
            return 0;
        }
        DirectorSettings now = settings.now();
        if (now.is(Setting.EXPIRE_NODEST_CONN) && !now.is(Setting.NODEST_DRAIN)) {
            int end = Math.min(slot + SLOTS_PER_TURN, table.slotCount());
            for (; slot < end; slot++) {
                look(table.entryAt(slot));
            }
            scanning = slot < table.slotCount();
        } else {
            scanning = false;
        }
        return scanning ? 1 : 0;
    }

    private void look(long entry) {
        if (entry == ConnectionTable.NONE || EntryDetails.children(entry) != 0) {
            return;
        }
        RealServer server = life.server(entry);
        if (server != null && !server.configured()) {
            life.forget(entry, ConnectionTable.NONE);
        }
    }
}
