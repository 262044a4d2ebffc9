package dev.tandem.director.sync;

import static dev.tandem.director.conn.Fixture.SECOND;
import static dev.tandem.director.conn.Fixture.START;
import static dev.tandem.director.conn.Fixture.TCP;
import static dev.tandem.director.conn.Fixture.UDP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Fixture;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.testing.Packets;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.wire.SyncFlags;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Two directors on one link: what the backup knows after the master's traffic. */
class SyncRoundTripTest {
    private static final int FIN = Tcp.FIN | Tcp.ACK;

    @Test
    void shouldHaveTheMastersConnectionsAfterAFlush() {
        MemorySyncLink link = new MemorySyncLink(32, 1472);
        SplittableRandom random = new SplittableRandom(7);
        try (Node master = new Node(2000, link, SyncPolicy.KERNEL_DEFAULT);
                Node backup = new Node(2000, link, SyncPolicy.KERNEL_DEFAULT)) {
            master.sender.master(true);
            long now = START;
            for (int step = 0; step < 20_000; step++) {
                now += 100_000;
                randomPacket(master, random, now);
                master.sender.doWork(now);
                backup.receiver.doWork(16, now);
                if (random.nextInt(50) == 0) {
                    link.lose();
                }
            }
            // what was lost on the way is unknown to the master: as if the peer were new
            master.sender.forgetPeer();
            master.sender.startFlush();
            while (!master.sender.flush(100, now)) {
                backup.receiver.doWork(16, now);
            }
            backup.receiver.doWork(16, now);

            assertTrue(assertSameTables(master, backup) > 500);
            assertEquals(0, master.sender.lagRecords());
            assertEquals(0, master.sender.droppedRecords());
        }
    }

    @Test
    void shouldCarryOnAConnectionOnTheBackup() {
        MemorySyncLink link = new MemorySyncLink(32, 1472);
        try (Node master = new Node(10, link, SyncPolicy.KERNEL_DEFAULT);
                Node backup = new Node(10, link, SyncPolicy.KERNEL_DEFAULT)) {
            master.sender.master(true);
            master.establish(80, 40000, 3);
            master.sender.doWork(START + SECOND);
            backup.receiver.doWork(16, START + SECOND);

            backup.sender.master(true);
            long entry =
                    backup.connections.findForClient(
                            Packets.ipv4(TCP, Fixture.CLIENT, 40000, Fixture.VIRTUAL, 80, Tcp.ACK));
            assertNotEquals(ConnectionTable.NONE, entry);
            backup.connections.clientPacket(entry, Packets.of(FIN, 60), START + 2 * SECOND);

            assertEquals(1, backup.sender.lagRecords(), "the new master tells of the change");
            assertEquals(1, Fixture.server(backup.services, TCP, 80).inactiveConnections());
        }
    }

    private static void randomPacket(Node node, SplittableRandom random, long now) {
        int port = new int[] {80, 443, 53}[random.nextInt(3)];
        int protocol = port == 53 ? UDP : TCP;
        int clientPort = 1024 + random.nextInt(400);
        int flags =
                new int[] {Tcp.SYN, Tcp.ACK, Tcp.ACK, Tcp.ACK, Tcp.ACK, FIN, Tcp.RST}
                        [random.nextInt(7)];
        long entry =
                node.connections.findForClient(
                        Packets.ipv4(
                                protocol,
                                Fixture.CLIENT,
                                clientPort,
                                Fixture.VIRTUAL,
                                port,
                                flags));
        if (entry == ConnectionTable.NONE) {
            entry = node.schedule(protocol, port, clientPort);
            flags = Tcp.SYN;
        }
        if (port != 443 && random.nextBoolean()) {
            node.connections.serverPacket(entry, Packets.of(flags, 60), now);
        } else {
            node.connections.clientPacket(entry, Packets.of(flags, 60), now);
        }
    }

    /** Compares all entries that are ever sent; returns how many. */
    private static int assertSameTables(Node master, Node backup) {
        int compared = 0;
        for (int slot = 0; slot < master.table.slotCount(); slot++) {
            long entry = master.table.entryAt(slot);
            if (entry == ConnectionTable.NONE || ConnectionEntry.peerGeneration(entry) != 2) {
                continue;
            }
            compared++;
            long copy =
                    backup.find(
                            ConnectionEntry.protocol(entry),
                            ConnectionEntry.virtualPort(entry),
                            ConnectionEntry.clientPort(entry));
            assertNotEquals(ConnectionTable.NONE, copy);
            assertEquals(ConnectionEntry.state(entry), ConnectionEntry.state(copy));
            assertEquals(
                    ConnectionEntry.timeoutSeconds(entry), ConnectionEntry.timeoutSeconds(copy));
            assertEquals(ConnectionEntry.realAddress(entry), ConnectionEntry.realAddress(copy));
            assertEquals(
                    ConnectionEntry.flags(entry) | SyncFlags.SYNC, ConnectionEntry.flags(copy));
        }
        return compared;
    }
}
