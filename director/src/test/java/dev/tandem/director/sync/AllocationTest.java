package dev.tandem.director.sync;

import static dev.tandem.director.conn.Fixture.CLIENT;
import static dev.tandem.director.conn.Fixture.REAL;
import static dev.tandem.director.conn.Fixture.START;
import static dev.tandem.director.conn.Fixture.TCP;
import static dev.tandem.director.conn.Fixture.VIRTUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.SyncedConnections.Outcome;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.VirtualService;
import dev.tandem.director.testing.Packets;
import dev.tandem.sync.SyncPolicy;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** All that a packet passes through on the table side, on both directors, allocates nothing. */
class AllocationTest {
    private static final Packet OPENING = Packets.ipv4(TCP, CLIENT, 0, VIRTUAL, 80, Tcp.SYN);
    private static final Packet SYN_ACK = Packets.of(Tcp.SYN | Tcp.ACK, 60);
    private static final Packet ACK = Packets.of(Tcp.ACK, 52);
    private static final Packet FIN = Packets.of(Tcp.FIN | Tcp.ACK, 52);

    private static final int CONNECTIONS = 500;
    private static final long MILLI = 1_000_000L;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void shouldAllocateNothingPerPacketWhenMasterAndBackupWork() {
        MemorySyncLink link = new MemorySyncLink(64, 1472);
        try (Node master = new Node(1024, link, new SyncPolicy(0, 1, 0, 0));
                Node backup = new Node(1024, link, SyncPolicy.KERNEL_DEFAULT)) {
            master.sender.master(true);
            long now = START;
            for (int warmUp = 0; warmUp < 20; warmUp++) {
                now = round(master, backup, now);
            }
            threads.getCurrentThreadAllocatedBytes();

            long before = threads.getCurrentThreadAllocatedBytes();
            for (int measured = 0; measured < 20; measured++) {
                now = round(master, backup, now);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            assertTrue(backup.receiver.count(Outcome.CREATED) >= 20 * CONNECTIONS);
            assertEquals(0, backup.table.size(), "all expired");
            assertTrue(master.sender.sentRecords() > 20 * CONNECTIONS);
            // a stray kilobyte would be the JIT's or the test's; a byte per packet is 60 times that
            long packets = 20L * CONNECTIONS * 6;
            assertEquals(0, allocated / packets, allocated + " bytes for " + packets + " packets");
            assertTrue(allocated < 1024, allocated + " bytes");
        }
    }

    /** Opens, uses and closes all connections; then time passes until both tables are empty. */
    private static long round(Node master, Node backup, long startNs) {
        long now = startNs;
        VirtualService service = master.services.find(TCP, VIRTUAL, 80);
        assertNotNull(service);
        for (int port = 1000; port < 1000 + CONNECTIONS; port++) {
            now += 1000;
            OPENING.sourcePort = port;
            long entry = master.connections.findForClient(OPENING);
            if (entry == ConnectionTable.NONE) {
                entry = master.connections.schedule(service, OPENING, now);
            }
            master.connections.clientPacket(entry, OPENING, now);
            long reply = master.table.findOut(TCP, REAL, 8080, CLIENT, port);
            master.connections.serverPacket(reply, SYN_ACK, now);
            master.connections.clientPacket(entry, ACK, now);
            master.connections.clientPacket(entry, FIN, now);
            master.connections.serverPacket(entry, FIN, now);
            master.connections.clientPacket(entry, ACK, now);
            turn(master, backup, now);
        }
        long end = now + 130_000 * MILLI;
        for (; now < end; now += 100 * MILLI) {
            turn(master, backup, now);
        }
        return now;
    }

    private static void turn(Node master, Node backup, long now) {
        master.sender.doWork(now);
        master.connections.doWork(now);
        backup.receiver.doWork(16, now);
        backup.connections.doWork(now);
    }
}
