package dev.tandem.director.sync;

import static dev.tandem.director.conn.Fixture.CLIENT;
import static dev.tandem.director.conn.Fixture.CLIENT_PORT;
import static dev.tandem.director.conn.Fixture.REAL;
import static dev.tandem.director.conn.Fixture.SECOND;
import static dev.tandem.director.conn.Fixture.START;
import static dev.tandem.director.conn.Fixture.TCP;
import static dev.tandem.director.conn.Fixture.VIRTUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Transport;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Fixture;
import dev.tandem.director.conn.SyncedConnections.Outcome;
import dev.tandem.director.conn.TcpState;
import dev.tandem.director.service.RealServer;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.SyncVerdict;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a record does to the table: the steps of the kernel's backup, one by one. */
class SyncReceiverTest {
    private static final int OTHER_REAL = REAL + 1;

    private final MemorySyncLink link = new MemorySyncLink(16, 1472);
    private final Node node = new Node(4, link, new SyncPolicy(7, 50, 0, 0));
    private final RealServer web = Fixture.server(node.services, TCP, 80);

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void shouldMakeAnEntryBoundToTheServer() {
        receive(Outcome.CREATED, established());

        long entry = node.find(TCP, 80, CLIENT_PORT);
        assertEquals(TcpState.ESTABLISHED.code(), ConnectionEntry.state(entry));
        assertEquals(TcpState.ESTABLISHED.code(), ConnectionEntry.syncedState(entry));
        assertEquals(SyncFlags.SYNC, ConnectionEntry.flags(entry));
        assertEquals(web.id(), ConnectionEntry.serverId(entry));
        assertEquals(7, ConnectionEntry.inPackets(entry), "our own threshold");
        assertEquals(600, ConnectionEntry.timeoutSeconds(entry));
        assertEquals(START + 600 * SECOND, ConnectionEntry.deadlineNs(entry));
        assertCounts(1, 0);
        assertEquals(0, web.traffic().connections(), "scheduled elsewhere");
        assertEquals(entry, node.table.findOut(TCP, REAL, 8080, CLIENT, CLIENT_PORT));
    }

    @Test
    void shouldCountAnInactiveRecordAsInactive() {
        receive(Outcome.CREATED, established().andThen(r -> r.flags(SyncFlags.INACTIVE)));

        assertCounts(0, 1);
    }

    @Test
    void shouldKeepOnlyTheFlagsThatTheKernelKeeps() {
        // not ONE_PACKET, which the decoder refuses, nor TEMPLATE and NO_CPORT, which are other
        // kinds
        receive(Outcome.CREATED, established().andThen(r -> r.flags(0xFFFF_C7F8)));

        long entry = node.find(TCP, 80, CLIENT_PORT);
        assertEquals(
                SyncFlags.SYNC | SyncFlags.INACTIVE | SyncFlags.OUT_SEQ | SyncFlags.IN_SEQ,
                ConnectionEntry.flags(entry),
                "NOOUTPUT gave way to the server's own method");
    }

    @Test
    void shouldUseOurOwnForwardingMethodWhenTheServerIsConfigured() {
        receive(
                Outcome.CREATED,
                established().andThen(r -> r.flags(SyncFlags.DROUTE | SyncFlags.NOOUTPUT)));

        long entry = node.find(TCP, 80, CLIENT_PORT);
        assertEquals(SyncFlags.SYNC, ConnectionEntry.flags(entry));
        assertEquals(entry, node.table.findOut(TCP, REAL, 8080, CLIENT, CLIENT_PORT));
    }

    @Test
    void shouldKeepTheSendersMethodUntilTheServerIsConfigured() {
        Consumer<SyncRecord> unknown =
                established()
                        .andThen(r -> r.realAddress(OTHER_REAL))
                        .andThen(r -> r.flags(SyncFlags.DROUTE | SyncFlags.NOOUTPUT));
        receive(Outcome.CREATED, unknown);
        long entry = node.find(TCP, 80, CLIENT_PORT);
        assertEquals(
                SyncFlags.SYNC | SyncFlags.DROUTE | SyncFlags.NOOUTPUT,
                ConnectionEntry.flags(entry));
        assertNull(node.connections.server(entry));
        assertCounts(0, 0);

        node.services.replace(
                List.of(Fixture.service(Transport.TCP, 80, OTHER_REAL, 8080, Forwarding.NAT)));
        assertNull(node.connections.server(entry), "only the next record binds it");
        receive(Outcome.UPDATED, unknown);

        RealServer bound = node.connections.server(entry);
        assertNotNull(bound);
        assertEquals(1, bound.activeConnections());
        assertEquals(SyncFlags.SYNC, ConnectionEntry.flags(entry));
        assertEquals(entry, node.table.findOut(TCP, OTHER_REAL, 8080, CLIENT, CLIENT_PORT));
    }

    @Test
    void shouldTakeOverStateTimeoutAndActivityWhenTheEntryIsThere() {
        receive(Outcome.CREATED, established());

        receive(
                Outcome.UPDATED,
                established()
                        .andThen(r -> r.state(TcpState.FIN_WAIT.code()))
                        .andThen(r -> r.flags(SyncFlags.INACTIVE | SyncFlags.DROUTE))
                        .andThen(r -> r.timeoutSeconds(120)));

        long entry = node.find(TCP, 80, CLIENT_PORT);
        assertEquals(TcpState.FIN_WAIT.code(), ConnectionEntry.state(entry));
        assertEquals(120, ConnectionEntry.timeoutSeconds(entry));
        assertEquals(SyncFlags.SYNC | SyncFlags.INACTIVE, ConnectionEntry.flags(entry));
        assertCounts(0, 1);
        assertEquals(1, node.table.size());

        receive(Outcome.UPDATED, established());

        assertCounts(1, 0);
    }

    @Test
    void shouldNotCallAnEntryOfOurOwnSyncedWhenARecordUpdatesIt() {
        node.establish(80, CLIENT_PORT, 2);

        receive(Outcome.UPDATED, established());

        assertEquals(0, ConnectionEntry.flags(node.find(TCP, 80, CLIENT_PORT)));
    }

    @Test
    void shouldReplaceTheEntryWhenTheRecordNamesAnotherServer() {
        receive(Outcome.CREATED, established());

        receive(Outcome.REPLACED, established().andThen(r -> r.realAddress(OTHER_REAL)));

        long entry = node.find(TCP, 80, CLIENT_PORT);
        assertEquals(OTHER_REAL, ConnectionEntry.realAddress(entry));
        assertEquals(1, node.table.size());
        assertCounts(0, 0);
        assertEquals(
                ConnectionTable.NONE, node.table.findOut(TCP, REAL, 8080, CLIENT, CLIENT_PORT));

        receive(
                Outcome.REPLACED,
                established().andThen(r -> r.realAddress(OTHER_REAL).realPort(81)));
    }

    @Test
    void shouldIgnoreTheLateCloseOfAReplacedConnection() {
        receive(Outcome.CREATED, established());

        receive(
                Outcome.LATE_CLOSE,
                established()
                        .andThen(r -> r.realAddress(OTHER_REAL))
                        .andThen(r -> r.state(TcpState.CLOSE.code()))
                        .andThen(r -> r.flags(SyncFlags.INACTIVE)));

        long entry = node.find(TCP, 80, CLIENT_PORT);
        assertEquals(REAL, ConnectionEntry.realAddress(entry));
        assertEquals(TcpState.ESTABLISHED.code(), ConnectionEntry.state(entry));
    }

    @ParameterizedTest
    @CsvSource({
        "6,  1, 0,          900",
        "6,  4, 0,          120",
        "17, 0, 0,          300",
        "6,  1, 1,          1",
        "17, 0, 180,        180",
        "6,  1, 2147483648, 2147483647",
        "6,  1, 4294967295, 2147483647",
    })
    void shouldUseTheRecordsTimeoutOrOurOwn(
            int protocol, int state, long timeout, int expectedSeconds) {
        int port = protocol == TCP ? 80 : 53;
        receive(
                Outcome.CREATED,
                established()
                        .andThen(r -> r.protocol(protocol).virtualPort(port).state(state))
                        .andThen(r -> r.timeoutSeconds(timeout)));

        long entry = node.find(protocol, port, CLIENT_PORT);
        assertEquals(expectedSeconds, ConnectionEntry.timeoutSeconds(entry));
        assertEquals(expectedSeconds * SECOND, ConnectionEntry.deadlineNs(entry) - START);
    }

    @Test
    void shouldCountRecordsThatFindTheTableFull() {
        for (int port = 1; port <= 4; port++) {
            int clientPort = port;
            receive(Outcome.CREATED, established().andThen(r -> r.clientPort(clientPort)));
        }

        receive(Outcome.TABLE_FULL, established());
        receive(Outcome.UPDATED, established().andThen(r -> r.clientPort(1)));

        assertEquals(4, node.table.size());
        assertCounts(4, 0);
    }

    @Test
    void shouldLeaveADatagramOfAnotherSyncIdAlone() {
        send(new SyncEncoder(Node.SYNC_ID + 1, 1472), established());

        assertEquals(1, node.receiver.doWork(10, START));

        assertEquals(0, node.table.size());
        assertEquals(0, node.receiver.decoderCounters().of(SyncVerdict.ACCEPTED));
    }

    @Test
    void shouldTakeNoMoreDatagramsThanItMay() {
        for (int port = 1; port <= 4; port++) {
            int clientPort = port;
            send(encoder(), established().andThen(r -> r.clientPort(clientPort)));
        }

        assertEquals(3, node.receiver.doWork(3, START));
        assertEquals(3, node.table.size());
        assertEquals(1, node.receiver.doWork(3, START));
        assertEquals(0, node.receiver.doWork(3, START));
        assertEquals(4, node.table.size());
    }

    @Test
    void shouldKnowThatTheSenderHasTheEntry() {
        receive(Outcome.CREATED, established());
        node.sender.master(true);

        node.sender.startFlush();
        assertTrue(node.sender.flush(100, START));

        assertEquals(0, link.waiting());
    }

    @Test
    void shouldGiveBackEveryBuffer() {
        for (int i = 0; i < 100; i++) {
            receive(i == 0 ? Outcome.CREATED : Outcome.UPDATED, established());
        }
    }

    /** A TCP connection to the NAT service, ESTABLISHED, with a timeout of 600 s. */
    private static Consumer<SyncRecord> established() {
        return record ->
                record.protocol(TCP)
                        .state(TcpState.ESTABLISHED.code())
                        .clientAddress(CLIENT)
                        .clientPort(CLIENT_PORT)
                        .virtualAddress(VIRTUAL)
                        .virtualPort(80)
                        .realAddress(REAL)
                        .realPort(8080)
                        .timeoutSeconds(600);
    }

    private void receive(Outcome expected, Consumer<SyncRecord> content) {
        long before = node.receiver.count(expected);
        send(encoder(), content);
        assertEquals(1, node.receiver.doWork(10, START));
        assertEquals(before + 1, node.receiver.count(expected), expected.name());
    }

    private void send(SyncEncoder encoder, Consumer<SyncRecord> content) {
        ByteBuffer datagram = link.claim();
        assertNotNull(datagram, "a buffer was not given back");
        SyncRecord record = new SyncRecord();
        encoder.wrap(datagram);
        assertTrue(encoder.claim(record, false));
        content.accept(record);
        encoder.finish();
        link.send(datagram);
    }

    private static SyncEncoder encoder() {
        return new SyncEncoder(Node.SYNC_ID, 1472);
    }

    private void assertCounts(int active, int inactive) {
        assertEquals(active, web.activeConnections(), "active");
        assertEquals(inactive, web.inactiveConnections(), "inactive");
    }
}
