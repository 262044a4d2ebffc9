package dev.tandem.director.conn;

import static dev.tandem.director.config.Transport.TCP;
import static dev.tandem.director.config.Transport.UDP;
import static dev.tandem.director.conn.ConnectionTable.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Tcp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three defences, and established connections in the middle of a flood. */
class DefenceTest {
    private static final String VIP = "10.0.0.1";
    private static final int MANY_CELLS = 1 << 20;

    /** Cells, amemthresh in pages of 64 cells, cells in use, whether that is low. */
    @ParameterizedTest
    @CsvSource({
        "1048576, 1024, 983040, false", // 65536 cells free
        "1048576, 1024, 983041, true",
        "1048576, 0,    1048576, false",
        "1048576, 1,    1048512, false",
        "1048576, 1,    1048513, true",
        "1024,    1024, 768,  false", // never more than a quarter of the table
        "1024,    1024, 769,  true",
    })
    void shouldFindMemoryLowWhenFewCellsAreFree(int limit, int threshold, int used, boolean low) {
        try (Lab lab = new Lab(limit)) {
            lab.set(Setting.AMEMTHRESH, threshold);
            for (int i = 0; i < used; i++) {
                fill(lab, i);
            }
            lab.connections.doWork(lab.now);
            assertEquals(low, lab.connections.defence().level().memoryLow());
        }
    }

    private static void fill(Lab lab, int i) {
        long entry = lab.table.add(17, i, 1, 2, 3, 4, 5, 0);
        ConnectionEntry.startTimer(entry, 1000, lab.now);
    }

    /** Modes set; what they become when memory is low and when it is not. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1, 2, 1", "2, 2, 1", "3, 3, 3"})
    void shouldSwitchModesWithMemory(int set, int whenLow, int whenNot) {
        try (Lab lab = new Lab(64)) {
            lab.set(Setting.DROP_ENTRY, set);
            lab.set(Setting.DROP_PACKET, set);
            lab.set(Setting.SECURE_TCP, set);
            lab.connections.doWork(lab.now);
            assertModes(lab, whenNot);
            for (int i = 0; i < 60; i++) {
                fill(lab, i);
            }
            lab.connections.doWork(lab.now + Lab.SECOND / 2);
            assertModes(lab, whenNot);
            lab.connections.doWork(lab.now + Lab.SECOND);
            assertModes(lab, whenLow);
            for (int slot = 0; slot < 60; slot++) {
                lab.table.remove(lab.table.entryAt(slot));
            }
            lab.connections.doWork(lab.now + 2 * Lab.SECOND);
            assertModes(lab, whenNot);
        }
    }

    private static void assertModes(Lab lab, int mode) {
        DefenceLevel level = lab.connections.defence().level();
        assertEquals(mode, level.dropEntry());
        assertEquals(mode, level.dropPacket());
        assertEquals(mode, level.secureTcp());
    }

    /** 16 of 64 cells are the threshold; one in threshold / (threshold - free) is dropped. */
    @ParameterizedTest
    @CsvSource({
        "1, 52, 4,  pppdpppd",
        "1, 63, 1,  ddd",
        "1, 56, 2,  pdpdpd",
        "1, 48, 0,  pppp",
        "3, 0,  3,  dppdppd",
        "0, 63, 0,  p",
    })
    void shouldDropOneOfSoManyNewConnections(int mode, int used, int rate, String fates) {
        try (Lab lab = lab(64)) {
            lab.set(Setting.DROP_PACKET, mode);
            lab.set(Setting.AM_DROPRATE, 3);
            for (int i = 0; i < used; i++) {
                fill(lab, i);
            }
            lab.connections.doWork(lab.now);
            assertEquals(rate, lab.connections.defence().level().dropRate());
            int dropped = 0;
            for (int i = 0; i < fates.length(); i++) {
                long entry = lab.schedule(tcp(5000 + i, Tcp.SYN));
                boolean drops = fates.charAt(i) == 'd';
                assertEquals(
                        drops ? Refusal.DROPPED : Refusal.NONE, lab.connections.refusal(), fates);
                assertEquals(drops, entry == NONE);
                dropped += drops ? 1 : 0;
            }
            assertEquals(dropped, lab.connections.defence().droppedPackets());
        }
    }

    @Test
    void shouldSwitchTheTcpTableOfLivingConnections() {
        try (Lab lab = lab(64)) {
            long entry = lab.client(tcp(5000, Tcp.SYN));
            lab.set(Setting.SECURE_TCP, 3);
            lab.connections.doWork(lab.now);
            lab.connections.clientPacket(entry, tcp(5000, Tcp.ACK), lab.now);
            assertEquals("SYN_RECV", ConnectionView.stateName(entry));
            lab.set(Setting.SECURE_TCP, 0);
            lab.connections.doWork(lab.now);
            lab.connections.clientPacket(entry, tcp(5000, Tcp.ACK), lab.now);
            assertEquals("ESTABLISHED", ConnectionView.stateName(entry));
        }
    }

    /** State, client's packets, idle for seconds; whether it is forgotten within a round. */
    @ParameterizedTest
    @CsvSource({
        "SYN_RECV,    1, 0,  true",
        "SYNACK,      1, 0,  true",
        "ESTABLISHED, 1, 59, false",
        "ESTABLISHED, 1, 60, true",
        "ESTABLISHED, 8, 60, true",
        "ESTABLISHED, 9, 60, false",
        "ESTABLISHED, 0, 60, false",
        "FIN_WAIT,    1, 60, false",
        "TIME_WAIT,   1, 60, false",
        "LISTEN,      1, 60, false",
    })
    void shouldForgetWhatIsWorthLeast(TcpState state, int packets, int idle, boolean forgotten) {
        try (Lab lab = lab(64)) {
            long entry = lab.client(tcp(5000, Tcp.SYN));
            ConnectionEntry.state(entry, state.code());
            ConnectionEntry.inPackets(entry, packets);
            ConnectionEntry.startTimer(entry, 900, lab.now - idle * Lab.SECOND);
            lab.set(Setting.DROP_ENTRY, 3);
            assertEquals(forgotten ? 0 : 1, sizeAfterALook(lab));
            assertEquals(forgotten ? 1 : 0, lab.connections.defence().droppedEntries());
        }
    }

    /** The round goes on in the table's order, so one look is at the only entry there is. */
    private static int sizeAfterALook(Lab lab) {
        lab.connections.doWork(lab.now);
        lab.connections.defence().lookAt(1, lab.now);
        return lab.table.size();
    }

    @Test
    void shouldForgetEverySoManyThOfIdleConnectionsWithAsManyPackets() {
        try (Lab lab = new Lab(64)) {
            lab.add(
                    Lab.at(UDP, VIP, 53),
                    Lab.options(0, -1),
                    Lab.server("10.1.0.1", 53, Forwarding.NAT));
            for (int i = 0; i < 12; i++) {
                long entry = lab.client(Lab.packet(UDP, "10.9.8.7", 5000 + i, VIP, 53, 0));
                ConnectionEntry.inPackets(entry, 4);
                ConnectionEntry.startTimer(entry, 300, lab.now - 70 * Lab.SECOND);
            }
            lab.set(Setting.DROP_ENTRY, 3);
            lab.connections.doWork(lab.now);
            lab.connections.defence().lookAt(12, lab.now);
            assertEquals(9, lab.table.size(), "the 1st, 5th and 9th are gone");
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false, 0", "true, false, 1"})
    void shouldForgetTemplatesThatAreNotAssured(boolean assured, boolean onePacket, int left) {
        try (Lab lab = new Lab(64)) {
            lab.add(
                    Lab.at(UDP, VIP, 53),
                    new ServiceOptions("rr", 0, 900, -1, "", onePacket),
                    Lab.server("10.1.0.1", 53, Forwarding.NAT));
            long entry = lab.client(Lab.packet(UDP, "10.9.8.7", 5000, VIP, 53, 0));
            if (assured) {
                lab.connections.serverPacket(entry, Lab.packet(UDP, VIP, 1, VIP, 2, 0), lab.now);
            }
            lab.connections.doWork(lab.now);
            lab.set(Setting.DROP_ENTRY, 3);
            lab.connections.doWork(lab.now);
            lab.connections.defence().lookAt(64, lab.now);
            assertEquals(2, lab.table.size(), "a child spares its template");
            lab.set(Setting.DROP_ENTRY, 0);
            lab.pass(301);
            lab.set(Setting.DROP_ENTRY, 3);
            lab.connections.doWork(lab.now);
            lab.connections.defence().lookAt(64, lab.now);
            assertEquals(left, lab.table.size());
        }
    }

    /** Each second a 32nd of the table, whatever the turns are, and each entry once a round. */
    @Test
    void shouldLookAtAllOfTheTableInTurn() {
        try (Lab lab = lab(MANY_CELLS)) {
            for (int i = 0; i < 32_000; i++) {
                long entry = lab.table.add(6, i, 1, 2, 3, 4, 5, 0);
                ConnectionEntry.state(entry, TcpState.SYN_RECV.code());
                ConnectionEntry.startTimer(entry, 900, lab.now);
            }
            lab.set(Setting.DROP_ENTRY, 3);
            lab.pass(1);
            assertEquals(31_000, lab.table.size(), 20);
            lab.pass(31);
            assertEquals(0, lab.table.size(), 20);
        }
    }

    /**
     * Five times as many SYNs as the table has cells, and more, while 500 clients talk on: none of
     * them loses its connection, and newcomers with patience get one.
     */
    @ParameterizedTest
    @CsvSource({"1, 0, 0", "1, 0, 1", "2, 1, 1", "3, 0, 3", "0, 0, 0"})
    void shouldKeepEstablishedConnectionsThroughAFlood(int entries, int packets, int secure) {
        int limit = 4096;
        int talkers = 500;
        try (Lab lab = lab(limit)) {
            lab.set(Setting.DROP_ENTRY, entries);
            lab.set(Setting.DROP_PACKET, packets);
            lab.set(Setting.SECURE_TCP, secure);
            long[] talking = new long[talkers];
            for (int i = 0; i < talkers; i++) {
                talking[i] = lab.client(tcp(5000 + i, Tcp.SYN));
                establish(lab, talking[i], 5000 + i);
            }
            int welcome = 0;
            int flood = 0;
            for (int second = 0; second < 30; second++) {
                for (int i = 0; i < limit / 4; i++, flood++) {
                    lab.client(syn(flood));
                }
                for (int i = 0; i < talkers; i++) {
                    Packet packet = tcp(5000 + i, Tcp.ACK);
                    assertEquals(talking[i], lab.connections.findForClient(packet), "talker " + i);
                    lab.connections.clientPacket(talking[i], packet, lab.now);
                    assertEquals("ESTABLISHED", ConnectionView.stateName(talking[i]));
                }
                long newcomer = lab.client(tcp(20_000 + second, Tcp.SYN));
                if (newcomer != NONE) {
                    establish(lab, newcomer, 20_000 + second);
                    welcome++;
                }
                lab.pass(1);
            }
            assertTrue(flood > 5 * limit);
            assertTrue(lab.table.cells() <= limit);
            if (entries == 0) {
                assertTrue(welcome < 10, welcome + " newcomers without a defence");
            } else {
                assertTrue(welcome >= (packets == 0 ? 30 : 1), welcome + " newcomers");
                assertTrue(packets != 0 || lab.connections.defence().droppedEntries() > limit);
            }
        }
    }

    private static void establish(Lab lab, long entry, int port) {
        Packet answer = Lab.packet(TCP, "10.1.0.1", 80, "10.9.8.7", port, Tcp.SYN | Tcp.ACK);
        lab.connections.serverPacket(entry, answer, lab.now);
        lab.connections.clientPacket(entry, tcp(port, Tcp.ACK), lab.now);
        Packet ack = Lab.packet(TCP, "10.1.0.1", 80, "10.9.8.7", port, Tcp.ACK);
        lab.connections.serverPacket(entry, ack, lab.now);
        assertEquals("ESTABLISHED", ConnectionView.stateName(entry));
    }

    /** A template in use is not forgotten to make room for its own connection. */
    @Test
    void shouldSpareTheTemplateOfTheNewcomer() {
        try (Lab lab = new Lab(8)) {
            lab.add(
                    Lab.at(TCP, VIP, 80),
                    Lab.options(900, -1),
                    Lab.server("10.1.0.1", 80, Forwarding.NAT));
            lab.set(Setting.DROP_ENTRY, 3);
            lab.connections.doWork(lab.now);
            long first = lab.client(tcp(5000, Tcp.SYN));
            long template = lab.table.parent(first);
            lab.connections.remove(first);
            for (int i = 0; lab.table.cells() < 8; i++) {
                long entry = lab.table.add(6, i, 1, 2, 3, 4, 5, 0);
                ConnectionEntry.state(entry, TcpState.SYN_RECV.code());
                ConnectionEntry.startTimer(entry, 900, lab.now);
            }
            long entry = lab.client(tcp(5001, Tcp.SYN));
            assertNotEquals(NONE, entry);
            assertEquals(template, lab.table.parent(entry));
            assertFalse(ConnectionEntry.isRetired(template));
        }
    }

    private static Lab lab(int limit) {
        Lab lab = new Lab(limit);
        lab.add(
                Lab.at(TCP, VIP, 80),
                Lab.options(0, -1),
                Lab.server("10.1.0.1", 80, Forwarding.NAT));
        return lab;
    }

    private static Packet tcp(int clientPort, int flags) {
        return Lab.packet(TCP, "10.9.8.7", clientPort, VIP, 80, flags);
    }

    private static Packet syn(int number) {
        Packet packet = tcp(1024 + number % 50_000, Tcp.SYN);
        packet.sourceLow = 0x0B00_0000L + number / 50_000;
        return packet;
    }
}
