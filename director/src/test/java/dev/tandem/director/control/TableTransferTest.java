package dev.tandem.director.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Fixture;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.testing.FaultyWire;
import dev.tandem.director.testing.MemoryTables;
import dev.tandem.director.testing.Packets;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardeningConfig;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A master and a backup that compare their tables, over a wire that may lose, in virtual time. */
class TableTransferTest {
    private static final long STEP_NS = 1_000_000;
    private static final int CONNECTIONS = 1500;
    private static final int LARGE = 11_000;

    private final FaultyWire wire = new FaultyWire(new SplittableRandom(1), 1);
    private final MemoryTables tables = new MemoryTables();
    private final SimulatedDirector master = director(tables.one);
    private final SimulatedDirector backup = director(tables.other);
    private long nowNs = Fixture.START;
    private int nextPort = 1024;

    private SimulatedDirector director(MemoryTables.End end) {
        return new SimulatedDirector(
                wire.open(), HardeningConfig.OFF, SyncPolicy.KERNEL_DEFAULT, end);
    }

    @BeforeEach
    void take() {
        master.take(1, nowNs);
    }

    @AfterEach
    void close() {
        master.close();
        backup.close();
    }

    @Test
    void shouldBeSyncedWhenThereIsNoMaster() {
        MemoryTables alone = new MemoryTables();
        try (SimulatedDirector node = director(alone.one)) {
            assertFalse(readiness(node).synced());
            node.turn(nowNs);
            assertEquals(Readiness.NOBODY_TO_ASK, readiness(node));
        }
    }

    @Test
    void shouldBeSyncedAsMaster() {
        assertEquals(Readiness.NOBODY_TO_ASK, readiness(master));
    }

    @Test
    void shouldGiveAJoinerTheWholeTable() {
        wire.cut(true);
        establish(CONNECTIONS);
        Readiness before = readiness(backup);
        assertFalse(before.synced(), before.toString());
        assertNotEquals("", before.whyNot());

        work(400);

        Readiness after = readiness(backup);
        assertTrue(after.synced() && after.compared(), after.toString());
        assertEquals(CONNECTIONS, after.entries());
        assertEquals(0, after.missing());
        assertEquals(1.0, after.coverage());
        assertEquals(0, after.lagMs());
        assertEquals("", after.whyNot());
        assertEquals(master.shared(), backup.shared());
        assertEquals(CONNECTIONS, backup.shared().size());
    }

    @Test
    void shouldTakeASmallTableUnrehearsed() {
        wire.cut(true);
        establish(CONNECTIONS);
        tables(backup).awaitRehearsal();
        work(400);
        assertTrue(readiness(backup).synced(), readiness(backup).toString());
    }

    @Test
    void shouldTakeALargeTableOnceItHasRehearsed() {
        wire.cut(true);
        establish(LARGE);
        tables(backup).awaitRehearsal();
        work(400);
        assertEquals(0, backup.table.size());
        assertEquals(LARGE, readiness(backup).missing());
        tables(backup).rehearsed();
        work(400);
        assertTrue(readiness(backup).synced(), readiness(backup).toString());
        assertEquals(LARGE, backup.table.size());
    }

    @Test
    void shouldTakeALargeTableWhenTheRehearsalTakesTooLong() {
        wire.cut(true);
        establish(LARGE);
        tables(backup).awaitRehearsal();
        work(3500);
        assertTrue(readiness(backup).synced(), readiness(backup).toString());
    }

    @Test
    void shouldSayHowMuchIsMissingWhileATableIsOnItsWay() {
        wire.cut(true);
        establish(CONNECTIONS);
        tables.move(1);
        turn();
        tables.move(1);
        turn();

        Readiness readiness = readiness(backup);
        assertFalse(readiness.synced());
        assertEquals(CONNECTIONS, readiness.entries());
        assertEquals(CONNECTIONS, readiness.missing());
        assertEquals(0.0, readiness.coverage());
        assertTrue(readiness.whyNot().contains("1500 of 1500"), readiness.whyNot());
    }

    @Test
    void shouldGoOnWhereATransferBroke() {
        wire.cut(true);
        establish(CONNECTIONS);
        while (backup.table.size() < CONNECTIONS / 2) {
            step(1);
        }
        tables.cut(true);
        work(20);
        assertTrue(backup.table.size() < CONNECTIONS, "it broke in the middle");
        assertFalse(readiness(backup).synced());
        assertTrue(readiness(backup).whyNot().contains("broke"), readiness(backup).whyNot());

        tables.cut(false);
        work(600);

        assertTrue(readiness(backup).synced(), readiness(backup).toString());
        assertEquals(master.shared(), backup.shared());
        long taken = tables(backup).status(nowNs).takenRecords();
        assertTrue(taken < CONNECTIONS * 5 / 4, taken + " records taken");
    }

    @Test
    void shouldFindAndRepairADeletedEntry() {
        join(CONNECTIONS);
        backup.connections.remove(find(backup, 1100));
        work(500);
        assertRepaired();
    }

    @Test
    void shouldFindAndRepairAnEntryThatWasCorruptedBehindItsBack() {
        nextPort = 500;
        establish(443, 1); // not translated, so that its server stands in no index
        nextPort = 1024;
        join(CONNECTIONS);
        long entry = backup.table.findIn(Fixture.TCP, Fixture.CLIENT, 500, Fixture.VIRTUAL, 443);
        Memory.putInt(entry + 8, 0x0A4D0263); // address of the real server
        assertNotEquals(master.shared(), backup.shared());
        work(5000);
        assertRepaired();
        assertEquals(0, tables(backup).status(nowNs).differingBuckets());
    }

    @Test
    void shouldFindAndRepairAnEntryWhoseKeyWasCorrupted() {
        join(CONNECTIONS);
        long entry = find(backup, 1100);
        Memory.putInt(entry, Memory.getInt(entry) ^ 1 << 20); // the client's address
        assertEquals(ConnectionTable.NONE, find(backup, 1100));
        work(5000);

        Readiness readiness = readiness(backup);
        assertTrue(readiness.synced(), readiness.toString());
        assertEquals(1.0, readiness.coverage());
        assertEquals(master.shared(), backup.shared());
        assertNotEquals(ConnectionTable.NONE, find(backup, 1100));
        assertEquals(CONNECTIONS, backup.table.size(), "the damaged one is gone");
        assertEquals(2, tables(backup).status(nowNs).damagedEntries(), "either side of it");
        assertEquals(0, tables(backup).status(nowNs).differingBuckets());
    }

    @Test
    void shouldFindAndRepairATranslatedEntryWhoseServerWasCorrupted() {
        join(CONNECTIONS);
        Memory.putInt(find(backup, 1100) + 8, 0x0A4D0263); // address of the real server
        work(5000);
        assertTrue(readiness(backup).synced(), readiness(backup).toString());
        assertEquals(master.shared(), backup.shared());
        assertEquals(CONNECTIONS, backup.table.size());
        assertEquals(1, tables(backup).status(nowNs).damagedEntries());
    }

    @Test
    void shouldRemoveWhatTheMasterDoesNotHave() {
        join(CONNECTIONS);
        master.connections.remove(find(master, 1100));
        work(500);
        assertEquals(ConnectionTable.NONE, find(backup, 1100));
        assertRepaired();
    }

    @Test
    void shouldMakeGoodWhatTheWireLost() {
        join(10);
        wire.disturb(40, 0, 0);
        for (int i = 0; i < 300; i++) {
            establish(2);
            step(4);
        }
        wire.disturb(0, 0, 0);
        work(700);
        Readiness readiness = readiness(backup);
        assertEquals(1.0, readiness.coverage(), readiness.toString());
        assertEquals(610, readiness.entries());
        assertEquals(master.shared(), backup.shared());
    }

    @Test
    void shouldStaySyncedUnderTraffic() {
        join(100);
        for (int i = 0; i < 1000; i++) {
            establish(1);
            step(4);
            Readiness readiness = readiness(backup);
            assertTrue(readiness.synced(), readiness.toString());
        }
        assertEquals(0, tables(backup).status(nowNs).repairedBuckets());
    }

    @Test
    void shouldNotBeSyncedAfterABucketHasDifferedForLong() {
        join(CONNECTIONS);
        for (int i = 0; i < 3000; i++) {
            long entry = find(backup, 1100); // it comes back, and is removed again
            if (entry != ConnectionTable.NONE) {
                backup.connections.remove(entry);
            }
            step(4);
        }
        assertFalse(readiness(backup).synced(), readiness(backup).toString());
        assertTrue(readiness(backup).whyNot().contains("1 of 4096"), readiness(backup).whyNot());
        work(500);
        assertTrue(readiness(backup).synced(), readiness(backup).toString());
    }

    @Test
    void shouldStaySyncedWhenItsMasterDiesWithAMessageUnderWay() {
        join(CONNECTIONS);
        wire.cut(true);
        establish(1);
        while (tables(backup).status(nowNs).differingBuckets() == 0) {
            step(4);
        }
        tables.cut(true);
        work(5000);
        Readiness readiness = readiness(backup);
        assertTrue(readiness.synced(), readiness.toString());
    }

    @Test
    void shouldStaySyncedWhenItsMasterIsGone() {
        join(CONNECTIONS);
        tables.cut(true);
        master.release();
        work(5000);
        Readiness readiness = readiness(backup);
        assertTrue(readiness.synced(), readiness.toString());
        assertTrue(readiness.lagMs() > 4000, "and says how old that is: " + readiness);
    }

    @Test
    void shouldGiveItsTableBackAfterATakeover() {
        join(CONNECTIONS);
        backup.take(2, nowNs);
        master.release();
        assertFalse(readiness(master).synced());
        for (int port = 1024; port < 1034; port++) {
            backup.connections.remove(find(backup, port));
        }
        work(500);
        assertEquals(Readiness.NOBODY_TO_ASK, readiness(backup));
        assertTrue(readiness(master).synced(), readiness(master).toString());
        assertEquals(CONNECTIONS - 10, readiness(master).entries());
        assertEquals(backup.shared(), master.shared());
    }

    @Test
    void shouldNotFollowAMasterOfAnEarlierEpoch() {
        wire.cut(true);
        establish(10);
        backup.replication.epoch(2);
        work(500);
        assertFalse(readiness(backup).synced());
        assertEquals(0, backup.table.size());
    }

    private void assertRepaired() {
        Readiness readiness = readiness(backup);
        assertTrue(readiness.synced(), readiness.toString());
        assertEquals(1.0, readiness.coverage());
        assertEquals(master.shared(), backup.shared());
        assertEquals(1, tables(backup).status(nowNs).repairedBuckets());
    }

    private void join(int connections) {
        establish(connections);
        work(400);
        assertTrue(readiness(backup).synced(), readiness(backup).toString());
    }

    private static TableTransfer tables(SimulatedDirector node) {
        return Objects.requireNonNull(node.replication.tables());
    }

    private Readiness readiness(SimulatedDirector node) {
        return tables(node).readiness(nowNs);
    }

    private void work(int ms) {
        for (int i = 0; i < ms; i++) {
            step(4);
        }
    }

    private void step(int frames) {
        nowNs += STEP_NS;
        wire.advance(nowNs);
        tables.move(frames);
        turn();
    }

    private void turn() {
        master.turn(nowNs);
        backup.turn(nowNs);
    }

    private static long find(SimulatedDirector node, int port) {
        return node.table.findIn(Fixture.TCP, Fixture.CLIENT, port, Fixture.VIRTUAL, 80);
    }

    /** Connections of three packets from their clients: peers are told of them. */
    private void establish(int connections) {
        establish(80, connections);
    }

    private void establish(int port, int connections) {
        for (int i = 0; i < connections; i++) {
            long entry =
                    master.connections.schedule(
                            Fixture.service(master.services, Fixture.TCP, port),
                            Packets.ipv4(
                                    Fixture.TCP,
                                    Fixture.CLIENT,
                                    nextPort++,
                                    Fixture.VIRTUAL,
                                    port,
                                    0),
                            nowNs);
            master.connections.clientPacket(entry, Packets.of(Tcp.SYN, 60), nowNs);
            master.connections.serverPacket(entry, Packets.of(Tcp.SYN | Tcp.ACK, 60), nowNs);
            master.connections.clientPacket(entry, Packets.of(Tcp.ACK, 52), nowNs);
            master.connections.clientPacket(entry, Packets.of(Tcp.ACK, 52), nowNs);
        }
    }
}
