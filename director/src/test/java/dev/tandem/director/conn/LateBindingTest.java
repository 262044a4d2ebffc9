package dev.tandem.director.conn;

import static dev.tandem.director.conn.Fixture.START;
import static dev.tandem.director.conn.RecordSpec.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.sync.SyncDecoder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections of a peer that are here before their services. */
class LateBindingTest {
    private static final int TEMPLATE = 0x1000;
    private static final int INACTIVE = 0x100;
    private static final String WEB = "10.77.1.100:80";
    private static final String REAL = "10.77.2.11:8080";

    private final ConnectionTable table = new ConnectionTable(16_384);
    private final Services services = new Services();
    private final Connections connections = new Connections(table, services, ReplicationHook.NONE);
    private final SyncedConnections synced = new SyncedConnections(connections);

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void shouldBindEveryConnectionWhenItsServerIsConfigured() {
        for (int i = 0; i < 10_000; i++) {
            String client = "10.77.%d.%d:40000".formatted(i / 250 + 2, i % 250 + 1);
            apply(record(client, WEB, REAL).flags(i % 10 == 0 ? INACTIVE : 0));
        }
        apply(record("10.77.1.0:0", WEB, REAL).flags(TEMPLATE));
        apply(record("10.77.1.1:40000", WEB, "10.77.2.12:8080"));

        services.replace(List.of(web(Forwarding.NAT)));
        work();

        RealServer server = Fixture.server(services, Fixture.TCP, 80);
        assertEquals(9_000, server.activeConnections());
        assertEquals(1_000, server.inactiveConnections());
        assertEquals(1, server.persistentConnections());
        Listed.assertCounts(table, services);
    }

    @Test
    void shouldTakeTheServersOwnMethodWhenItBinds() {
        apply(record("10.77.1.1:40000", WEB, REAL).flags(3));
        assertEquals(3, ConnectionEntry.forwardingCode(only()));

        services.replace(List.of(web(Forwarding.NAT)));
        work();

        assertEquals(0, ConnectionEntry.forwardingCode(only()));
        assertSame(Fixture.server(services, Fixture.TCP, 80), connections.server(only()));
    }

    @Test
    void shouldBindWhatCameAfterTheLastChangeWithTheNextOne() {
        services.replace(List.of(Fixture.emptyService(Transport.TCP, 80)));
        work();
        apply(record("10.77.1.1:40000", WEB, REAL));
        services.replace(List.of(Fixture.emptyService(Transport.TCP, 81)));
        work();
        services.replace(List.of(web(Forwarding.NAT)));
        work();

        assertEquals(1, Fixture.server(services, Fixture.TCP, 80).activeConnections());
    }

    private static VirtualServiceConfig web(Forwarding forwarding) {
        return Fixture.service(Transport.TCP, 80, Fixture.REAL, 8080, forwarding);
    }

    private void apply(RecordSpec record) {
        record.deliver(
                new SyncDecoder("sip"),
                r -> {
                    var _ = synced.apply(r, 3, 1, START);
                });
    }

    private long only() {
        for (int slot = 0; slot < table.slotCount(); slot++) {
            if (table.entryAt(slot) != ConnectionTable.NONE) {
                return table.entryAt(slot);
            }
        }
        throw new AssertionError("no entry");
    }

    private void work() {
        while (connections.binding().doWork() > 0) {}
    }
}
