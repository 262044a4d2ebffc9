package dev.tandem.director.sync;

import static dev.tandem.director.conn.Fixture.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.conn.EveryKind;
import dev.tandem.director.conn.Fixture;
import dev.tandem.director.conn.RecordSpec;
import dev.tandem.director.conn.ReplicationHook;
import dev.tandem.director.conn.SyncedConnections;
import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncPolicy;
import org.junit.jupiter.api.Test;

/** What a backup holds it can send on, and the next one then holds the same. */
class EveryKindTest {
    private final MemorySyncLink link = new MemorySyncLink(16, 1472);

    @Test
    void shouldSendOnWhateverItHolds() {
        try (Node first = new Node(64, link, SyncPolicy.KERNEL_DEFAULT);
                Node second = new Node(64, link, SyncPolicy.KERNEL_DEFAULT)) {
            fill(first);

            first.sender.startRound();
            assertTrue(first.sender.round(100, START));
            second.receiver.doWork(10, START);

            assertEquals(EveryKind.records().size(), second.table.size());
            assertEquals(EveryKind.lines(first.table), EveryKind.lines(second.table));
        }
    }

    @Test
    void shouldCountWhatVersion0DoesNotHave() {
        try (var table = new ConnectionTable(64)) {
            var connections = new Connections(table, Fixture.services(), ReplicationHook.NONE);
            var synced = new SyncedConnections(connections);
            for (RecordSpec spec : EveryKind.records()) {
                spec.deliver(new SyncDecoder("sip"), r -> synced.apply(r, 3, 1, START));
            }
            var sender =
                    new SyncSender(
                            table,
                            link,
                            () -> new SyncEncoder(1, 1472, 0),
                            SyncPolicy.KERNEL_DEFAULT,
                            5);

            sender.startRound();
            assertTrue(sender.round(100, START));

            assertEquals(EveryKind.IPV6, sender.notCarriedRecords());
            assertEquals(EveryKind.records().size() - EveryKind.IPV6, sender.sentRecords());
        }
    }

    private static void fill(Node node) {
        SyncedConnections synced = node.receiver.connections();
        for (RecordSpec spec : EveryKind.records()) {
            spec.deliver(new SyncDecoder("sip"), r -> synced.apply(r, 3, 1, START));
        }
    }
}
