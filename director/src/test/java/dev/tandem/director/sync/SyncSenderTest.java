package dev.tandem.director.sync;

import static dev.tandem.director.conn.Fixture.CLIENT_PORT;
import static dev.tandem.director.conn.Fixture.START;
import static dev.tandem.director.conn.Fixture.TCP;
import static dev.tandem.director.conn.Fixture.UDP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.conn.ConnectionKey;
import dev.tandem.director.conn.EntryKind;
import dev.tandem.director.conn.Fixture;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.testing.Packets;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.wire.SyncFlags;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyncSenderTest {
    private static final long MILLI = 1_000_000L;
    private static final int FIN = Tcp.FIN | Tcp.ACK;

    private final MemorySyncLink link = new MemorySyncLink(4, 1472);
    private final Node node = new Node(1000, link, SyncPolicy.KERNEL_DEFAULT);

    @BeforeEach
    void becomeMaster() {
        node.sender.master(true);
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** The kernel's own traces: one client's packet each, the last one a FIN. */
    @ParameterizedTest
    @CsvSource({
        "3, 50, 130, 3 53 103 130",
        "0, 1,  12,  2 3 4 5 6 7 8 9 10 11 12",
        "3, 0,  20,  3 20",
    })
    void shouldSendWithThePacketsThatTheKernelSendsWith(
            int threshold, int period, int packets, String expected) {
        MemorySyncLink wide = new MemorySyncLink(64, 1472);
        try (Node master = new Node(10, wide, new SyncPolicy(threshold, period, 0, 0))) {
            master.sender.master(true);
            long entry = master.schedule(TCP, 443, CLIENT_PORT);
            List<String> sentWith = new ArrayList<>();
            for (int i = 1; i <= packets; i++) {
                int flags = i == 1 ? Tcp.SYN : i == packets ? FIN : Tcp.ACK;
                master.connections.clientPacket(entry, Packets.of(flags, 60), START);
                if (master.sender.lagRecords() > 0) {
                    sentWith.add(String.valueOf(i));
                    master.sender.doWork(START + 20 * MILLI);
                }
            }
            assertEquals(expected, String.join(" ", sentWith));
        }
    }

    @Test
    void shouldWriteTheBytesThatTheKernelWrites() {
        node.establish(80, 40000, 3);
        node.sender.doWork(START + 20 * MILLI);

        assertEquals(
                "0005002c01010000" // sync id 5, 44 bytes, 1 record, version 1
                        + "0006002400000000" // IPv4, TCP, 36 bytes, no flags: NAT and active
                        + "00019c4000501f90" // ESTABLISHED, ports 40000, 80, 8080
                        + "0000000000000384" // no mark, 900 s
                        + "0a4d01010a4d01640a4d020b",
                hex(received()));
    }

    @Test
    void shouldSendTheFlagsOfADirectlyRoutedAndClosedConnection() {
        long entry = node.establish(443, 40000, 2);
        node.connections.clientPacket(entry, Packets.of(FIN, 60), START);
        node.sender.doWork(START + 20 * MILLI);

        ByteBuffer datagram = received();
        assertEquals(0x0183, datagram.getInt(8 + 4));
        assertEquals(4, datagram.getShort(8 + 8), "FIN_WAIT");
        assertEquals(120, datagram.getInt(8 + 20));
    }

    @Test
    void shouldSendAStateThatTheServerBroughtAboutWithTheNextPacketOfTheClient() {
        long entry = node.establish(80, CLIENT_PORT, 2);
        node.connections.serverPacket(entry, Packets.of(FIN, 60), START);
        assertEquals(0, node.sender.lagRecords());

        node.connections.clientPacket(entry, Packets.of(Tcp.ACK, 60), START);
        assertEquals(1, node.sender.lagRecords());
    }

    @Test
    void shouldTellAtOnceOfTheServersEndOfAConnectionThatThePeerKnows() {
        long known = node.establish(80, 1, 3);
        node.establish(80, 2, 2);
        node.sender.doWork(START + 20 * MILLI);
        link.lose();

        node.connections.serverPacket(known, Packets.of(Tcp.RST, 60), START);
        node.connections.serverPacket(node.find(TCP, 80, 2), Packets.of(Tcp.RST, 60), START);
        node.sender.doWork(START + 20 * MILLI);

        ByteBuffer datagram = received();
        assertEquals(List.of(1), clientPorts(datagram), "the peer never heard of the other");
        assertEquals(6, datagram.getShort(8 + 8), "CLOSE");
        assertEquals(10, datagram.getInt(8 + 20));
    }

    @Test
    void shouldCountADropWhenNoBufferIsFreeForTheServersChange() {
        long entry = node.establish(80, CLIENT_PORT, 3);
        node.sender.doWork(START + 20 * MILLI);
        link.lose();
        fillLink();

        node.connections.serverPacket(entry, Packets.of(Tcp.RST, 60), START);

        assertEquals(1, node.sender.droppedRecords());
        link.lose();
        node.sender.startFlush();
        assertTrue(node.sender.flush(1000, START));
        assertEquals(List.of(CLIENT_PORT), clientPorts(received()));
    }

    @Test
    void shouldTellEverythingThatThePeerMayHaveInARound() {
        node.establish(80, 1, 3); // sent
        node.establish(80, 2, 2); // never sent
        node.establish(80, 3, 1); // half open: not sent at all
        node.sender.doWork(START + 20 * MILLI);
        link.lose();

        node.sender.startRound();
        assertFalse(node.sender.round(2, START));
        assertTrue(node.sender.round(2, START));

        assertEquals(List.of(1, 2), clientPorts(received()));
        node.sender.startRound();
        assertTrue(node.sender.round(10, START));
        assertEquals(List.of(1, 2), clientPorts(received()), "again, though it has them");
    }

    @Test
    void shouldNotSendAConnectionUnderATemplateInPersistMode() {
        SyncPolicy policy = new SyncPolicy(3, 50, 0, 0, true);
        try (Node master = new Node(10, link, policy)) {
            master.sender.master(true);
            ConnectionKey key = new ConnectionKey();
            key.set(EntryKind.TEMPLATE, TCP, Fixture.CLIENT, 0, Fixture.VIRTUAL, 80);
            master.table.add(key, false, 0, Fixture.REAL, 8080, SyncFlags.TEMPLATE);

            master.establish(80, 1, 3);
            assertEquals(0, master.sender.lagRecords());
            master.establish(443, 2, 3);
            assertEquals(1, master.sender.lagRecords(), "no template of its service");
            master.sender.startRound();
            assertTrue(master.sender.round(100, START));

            // what waited, then the round's: the template, and the connection under none again
            assertEquals(List.of(2, 0, 2), clientPorts(received()));
        }
    }

    @Test
    void shouldKeepAConnectionToOneOfManyStreams() {
        int[] records = new int[4];
        for (int port = 1001; port <= 1400; port++) {
            long entry = node.establish(80, port, 1);
            int stream = node.table.stream(entry, 4);
            records[stream]++;
            node.connections.clientPacket(entry, Packets.of(FIN, 60), START);
            assertEquals(stream, node.table.stream(entry, 4));
            assertEquals(0, node.table.stream(entry, 1));
        }
        for (int count : records) {
            assertTrue(count > 50, "spread over all");
        }
    }

    @Test
    void shouldSendNothingWhenNotMaster() {
        node.sender.master(false);

        node.establish(80, CLIENT_PORT, 103);

        assertEquals(0, node.sender.lagRecords());
        assertEquals(0, link.waiting());
    }

    @Test
    void shouldSendWhatWasWrittenWhenTheMasterRoleEnds() {
        node.establish(80, CLIENT_PORT, 3);
        assertEquals(0, link.waiting());

        node.sender.master(false);

        assertEquals(1, link.waiting());
        assertEquals(0, node.sender.lagRecords());
        assertEquals(1, node.sender.sentRecords());
    }

    @Test
    void shouldWaitFlushMsAfterTheFirstRecordAndNoLonger() {
        node.establish(80, 1, 3);
        assertEquals(0, node.sender.doWork(START + 20 * MILLI - 1));
        assertEquals(0, link.waiting());

        assertEquals(1, node.sender.doWork(START + 20 * MILLI));
        assertEquals(1, link.waiting());
        assertEquals(0, node.sender.doWork(START + 40 * MILLI));
    }

    @Test
    void shouldSendAFullDatagramAtOnce() {
        for (int port = 1001; port <= 1040; port++) {
            node.establish(80, port, 3);
        }
        assertEquals(0, link.waiting());
        assertEquals(40, node.sender.lagRecords());

        node.establish(80, 41, 3);

        assertEquals(1, link.waiting());
        assertEquals(1, node.sender.lagRecords());
        ByteBuffer datagram = received();
        assertEquals(1448, datagram.remaining());
        assertEquals(40, datagram.get(4));
    }

    @Test
    void shouldCountADropAndSendLaterWhenNoBufferIsFree() {
        fillLink();
        long entry = node.establish(80, CLIENT_PORT, 2);
        node.connections.clientPacket(entry, Packets.of(FIN, 60), START);
        assertEquals(1, node.sender.droppedRecords());
        assertEquals(0, node.sender.lagRecords());
        link.lose();

        node.connections.clientPacket(entry, Packets.of(Tcp.ACK, 60), START);

        assertEquals(1, node.sender.lagRecords(), "the change is still news");
        assertEquals(1, node.sender.droppedRecords());
    }

    @Test
    void shouldFlushExactlyWhatThePeerDoesNotHave() {
        node.establish(80, 1, 2); // never sent
        node.establish(80, 2, 3); // sent
        node.establish(80, 3, 1); // half open: not sent at all
        long changed = node.establish(80, 4, 3); // sent, and again when the server closed it
        node.connections.serverPacket(changed, Packets.of(FIN, 60), START);
        long dns = node.schedule(UDP, 53, 5); // never sent
        node.connections.clientPacket(dns, Packets.of(0, 60), START);
        long assured = node.schedule(UDP, 53, 6); // sent
        for (int i = 0; i < 3; i++) {
            node.connections.clientPacket(assured, Packets.of(0, 60), START);
        }
        node.sender.doWork(START + 20 * MILLI);
        link.lose();

        node.sender.startFlush();
        assertTrue(node.sender.flush(1000, START));

        assertEquals(List.of(1, 5), clientPorts(received()));
        node.sender.startFlush();
        assertTrue(node.sender.flush(1000, START));
        assertEquals(0, link.waiting(), "the peer has all now");
    }

    @Test
    void shouldFlushEverythingWhenThePeerIsANewOne() {
        node.establish(80, 1, 3);
        node.establish(80, 2, 3);
        node.sender.doWork(START + 20 * MILLI);
        link.lose();

        node.sender.forgetPeer();
        node.sender.startFlush();
        assertTrue(node.sender.flush(1000, START));

        assertEquals(List.of(1, 2), clientPorts(received()));
    }

    @Test
    void shouldFlushWithoutTheMasterRole() {
        node.sender.master(false);
        node.establish(80, 1, 3);

        node.sender.startFlush();
        assertTrue(node.sender.flush(1000, START));

        assertEquals(List.of(1), clientPorts(received()));
    }

    @Test
    void shouldFlushInBoundedTurns() {
        for (int port = 1001; port <= 1100; port++) {
            node.establish(80, port, 2);
        }
        node.sender.startFlush();
        int turns = 1;
        while (!node.sender.flush(30, START)) {
            turns++;
        }

        assertEquals(4, turns);
        assertEquals(100, node.sender.sentRecords());
        assertEquals(3, link.waiting());
    }

    @Test
    void shouldGoOnWhereItStoppedWhenNoBufferWasFreeDuringAFlush() {
        for (int port = 1001; port <= 1200; port++) {
            node.establish(80, port, 2);
        }
        node.sender.startFlush();
        List<Integer> ports = new ArrayList<>();
        for (int turn = 0; !node.sender.flush(1000, START); turn++) {
            assertTrue(turn < 3);
            while (link.waiting() > 0) {
                ByteBuffer datagram = received();
                ports.addAll(clientPorts(datagram));
                link.release(datagram);
            }
        }
        while (link.waiting() > 0) {
            ports.addAll(clientPorts(received()));
        }

        assertEquals(200, ports.size());
        assertEquals(200, ports.stream().distinct().count());
        assertEquals(0, node.sender.droppedRecords());
    }

    @Test
    void shouldStartOverTheRoundWhenAskedTo() {
        for (int port = 1; port <= 10; port++) {
            node.establish(80, port, 2);
        }
        node.sender.startFlush();
        assertFalse(node.sender.flush(5, START));
        node.sender.forgetPeer();

        node.sender.startFlush();
        assertTrue(node.sender.flush(10, START));

        assertEquals(15, clientPorts(received()).size());
    }

    private void fillLink() {
        for (ByteBuffer buffer = link.claim(); buffer != null; buffer = link.claim()) {
            link.send(buffer);
        }
    }

    private ByteBuffer received() {
        ByteBuffer datagram = link.receive();
        assertNotNull(datagram);
        return datagram;
    }

    private static List<Integer> clientPorts(ByteBuffer datagram) {
        List<Integer> ports = new ArrayList<>();
        for (int record = 8; record < datagram.limit(); record += 36) {
            ports.add(Short.toUnsignedInt(datagram.getShort(record + 10)));
        }
        return ports;
    }

    private static String hex(ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
