package dev.tandem.director.conn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Entries that are not IPv4 connections: found when asked for, never otherwise, and what they cost.
 */
class EntryKindsTest {
    private static final int TCP = IpProtocol.TCP;
    private static final int UDP = IpProtocol.UDP;
    private static final int CLIENT = 0x0A4D0001;
    private static final int VIRTUAL = 0x0A4D0164;
    private static final int REAL = 0x0A4D020B;
    private static final int NAT = SyncFlags.MASQ;
    private static final int DR = SyncFlags.DROUTE;

    /** 2001:db8::1. */
    private static final long NET = 0x2001_0DB8_0000_0000L;

    private final ConnectionTable table = new ConnectionTable(32);
    private final ConnectionKey key = new ConnectionKey();

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void shouldFindAnIpv6ConnectionFromBothSides() {
        long entry = add6(40000, NAT);

        assertEquals(entry, table.findIn(TCP, NET, 1, 40000, NET, 100, 80));
        assertEquals(entry, table.findOut(TCP, NET, 11, 8080, NET, 1, 40000));
        assertEquals(0, table.findOut(TCP, NET, 100, 80, NET, 1, 40000));
        assertEquals(0, table.findIn(TCP, NET + 1, 1, 40000, NET, 100, 80));
        assertEquals(0, table.findIn(TCP, NET, 2, 40000, NET, 100, 80));
        assertEquals(0, table.findIn(TCP, NET, 1, 40000, NET, 101, 80));
        assertEquals(0, table.findIn(TCP, NET, 1, 40000, NET + 1, 100, 80));
        assertEquals(0, table.findOut(TCP, NET, 12, 8080, NET, 1, 40000));
        assertEquals(NET, EntryAddresses6.clientHigh(entry));
        assertEquals(1, EntryAddresses6.clientLow(entry));
        assertEquals(100, EntryAddresses6.virtualLow(entry));
        assertEquals(11, EntryAddresses6.realLow(entry));
        assertEquals(8080, ConnectionEntry.realPort(entry));

        table.forwarding(entry, DR);

        assertEquals(0, table.findOut(TCP, NET, 11, 8080, NET, 1, 40000));
        assertEquals(entry, table.findOut(TCP, NET, 100, 80, NET, 1, 40000));

        table.remove(entry);

        assertEquals(0, table.findIn(TCP, NET, 1, 40000, NET, 100, 80));
        assertEquals(0, table.size());
        assertEquals(0, table.cells());
    }

    @Test
    void shouldNotMistakeOneFamilyForTheOther() {
        key.set(EntryKind.CONNECTION, TCP, 0, CLIENT, 40000, 0, VIRTUAL, 80);
        long ipv6 = table.add(key, true, 0, REAL, 8080, NAT);

        assertEquals(0, table.findIn(TCP, CLIENT, 40000, VIRTUAL, 80));
        assertEquals(0, table.findOut(TCP, REAL, 8080, CLIENT, 40000));

        long ipv4 = table.add(TCP, CLIENT, 40000, VIRTUAL, 80, REAL, 8080, NAT);

        assertEquals(ipv4, table.findIn(TCP, CLIENT, 40000, VIRTUAL, 80));
        assertEquals(ipv6, table.findIn(TCP, 0, CLIENT, 40000, 0, VIRTUAL, 80));
    }

    @Test
    void shouldKeepTemplatesApartFromConnections() {
        long template = add4(EntryKind.TEMPLATE, TCP, 0, 80, SyncFlags.TEMPLATE);

        assertEquals(0, table.findIn(TCP, CLIENT, 0, VIRTUAL, 80));
        assertEquals(0, table.findOut(TCP, REAL, 8080, CLIENT, 0));
        assertEquals(template, findTemplate(TCP, 80));
        assertEquals(0, findTemplate(UDP, 80));
        assertEquals(0, findTemplate(TCP, 0));

        long connection = table.add(TCP, CLIENT, 0, VIRTUAL, 80, REAL, 8080, NAT);

        assertEquals(template, findTemplate(TCP, 80));
        assertEquals(connection, table.findIn(TCP, CLIENT, 0, VIRTUAL, 80));
    }

    @Test
    void shouldMatchTemplatesByTheirEnginesData() {
        long plain = add4(EntryKind.TEMPLATE, UDP, 0, 5060, SyncFlags.TEMPLATE);
        long one = addEngine("sip", "one@host");
        long two = addEngine("sip", "two@host");
        long other = addEngine("pis", "one@host");

        assertEquals(plain, findTemplate(UDP, 5060));
        assertEquals(one, findEngine("sip", "one@host"));
        assertEquals(two, findEngine("sip", "two@host"));
        assertEquals(other, findEngine("pis", "one@host"));
        assertEquals(0, findEngine("sip", "one@hos"));
        assertEquals(0, findEngine("sip", "one@host\0"));

        table.remove(one);

        assertEquals(0, findEngine("sip", "one@host"));
        assertEquals(two, findEngine("sip", "two@host"));
        assertEquals(plain, findTemplate(UDP, 5060));
    }

    /** An entry is one cell, its details another, and 56 bytes of data fit a cell behind that. */
    @ParameterizedTest
    @CsvSource({"1, 3", "8, 3", "56, 3", "57, 4", "112, 4", "224, 6", "225, 7", "255, 7"})
    void shouldKeepEngineDataOfAnyLength(int length, int cells) {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) (i * 7 + 1);
        }
        byte[] name = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        templateKey().engine().set(name, data);
        long entry = table.add(key.withEngine(), false, 0, REAL, 5060, SyncFlags.TEMPLATE);

        EngineData copy = new EngineData();
        EntryDetails.engine(entry, copy);

        assertArrayEquals(data, copy.data());
        assertArrayEquals(name, copy.name());
        assertEquals(cells, table.cells());
        assertEquals(1, table.size());
        assertEquals(entry, table.find(key));

        table.remove(entry);

        assertEquals(0, table.cells());
    }

    @Test
    void shouldFindMarksWhateverFollowsThemInAnIpv6Template() {
        key.set(EntryKind.TEMPLATE, IpProtocol.IP, NET, 0, 0, 0x0000_0007_0000_0000L, 0, 0);
        long entry = table.add(key, true, NET, 11, 80, SyncFlags.TEMPLATE);

        key.set(EntryKind.TEMPLATE, IpProtocol.IP, NET, 0, 0, 0x0000_0007_1234_0000L, 99, 0);
        assertEquals(entry, table.find(key));
        key.set(EntryKind.TEMPLATE, IpProtocol.IP, NET, 0, 0, 0x0000_0008_0000_0000L, 0, 0);
        assertEquals(0, table.find(key));
        key.set(EntryKind.TEMPLATE, TCP, NET, 0, 0, 0x0000_0007_0000_0000L, 0, 0);
        assertEquals(0, table.find(key));
    }

    @Test
    void shouldGiveAPortlessConnectionToTheFirstClientThatNobodyElseKnows() {
        long portless = add4(EntryKind.NO_CLIENT_PORT, TCP, 0, 20, SyncFlags.NO_CPORT);
        long known = table.add(TCP, CLIENT, 40000, VIRTUAL, 20, REAL, 8080, NAT);

        assertEquals(known, table.findIn(TCP, CLIENT, 40000, VIRTUAL, 20));
        assertEquals(portless, table.findIn(TCP, CLIENT, 40001, VIRTUAL, 20));
        assertEquals(0, table.findIn(UDP, CLIENT, 40001, VIRTUAL, 20));
        assertEquals(0, table.findOut(TCP, REAL, 8080, CLIENT, 0));
        assertEquals(0, table.findOut(TCP, VIRTUAL, 20, CLIENT, 40002));

        table.clientPort(portless, 40001);

        assertEquals(portless, table.findIn(TCP, CLIENT, 40001, VIRTUAL, 20));
        assertEquals(portless, table.findOut(TCP, REAL, 8080, CLIENT, 40001));
        assertEquals(0, table.findIn(TCP, CLIENT, 40002, VIRTUAL, 20));
        assertEquals(0, ConnectionEntry.flags(portless));
        assertFalse(ConnectionEntry.hasNoClientPort(portless));

        table.remove(portless);
        table.remove(known);

        assertEquals(0, table.size());
    }

    @Test
    void shouldGiveAPortlessIpv6ConnectionItsPort() {
        key.set(EntryKind.NO_CLIENT_PORT, TCP, NET, 1, 0, NET, 100, 20);
        long portless = table.add(key, true, NET, 11, 8080, NAT | SyncFlags.NO_CPORT);
        assertEquals(portless, table.findIn(TCP, NET, 1, 40001, NET, 100, 20));

        table.clientPort(portless, 40001);

        assertEquals(portless, table.findIn(TCP, NET, 1, 40001, NET, 100, 20));
        assertEquals(portless, table.findOut(TCP, NET, 11, 8080, NET, 1, 40001));
        assertEquals(0, table.findIn(TCP, NET, 1, 40002, NET, 100, 20));

        table.remove(portless);

        assertEquals(0, table.cells());
    }

    @Test
    void shouldPutAMarkBehindAnyEntry() {
        long ipv4 = table.add(TCP, CLIENT, 40000, VIRTUAL, 80, REAL, 8080, NAT);
        long ipv6 = add6(40000, NAT);
        assertEquals(3, table.cells());

        assertTrue(table.fwmark(ipv4, 0));
        assertEquals(3, table.cells(), "no mark costs nothing");
        assertTrue(table.fwmark(ipv4, 7));
        assertTrue(table.fwmark(ipv6, 0xFFFF_FFFF));

        assertEquals(5, table.cells());
        assertEquals(7, EntryDetails.fwmark(ipv4));
        assertEquals(0xFFFF_FFFF, EntryDetails.fwmark(ipv6));
        assertEquals(11, EntryAddresses6.realLow(ipv6));
        assertFalse(EntryDetails.hasSequence(ipv4));
    }

    @Test
    void shouldCountCellsAgainstTheLimitAndStayUsableWhenFull() {
        int entries = 0;
        while (add6(1000 + entries, NAT) != ConnectionTable.NONE) {
            entries++;
        }
        assertEquals(16, entries);
        assertEquals(32, table.cells());
        assertEquals(0, table.add(TCP, CLIENT, 1, VIRTUAL, 80, REAL, 8080, NAT));
        long first = table.findIn(TCP, NET, 1, 1000, NET, 100, 80);
        assertFalse(table.fwmark(first, 7));

        table.remove(first);

        assertEquals(0, addEngine("sip", "two cells are not three"));
        assertEquals(30, table.cells());
        assertNotEquals(0, add6(1, NAT));
        assertEquals(32, table.cells());
        assertEquals(16, table.size());
        assertEquals(16, countScanned());
    }

    private int countScanned() {
        int count = 0;
        for (int slot = 0; slot < table.slotCount(); slot++) {
            if (table.entryAt(slot) != ConnectionTable.NONE) {
                count++;
            }
        }
        return count;
    }

    private long add4(int kind, int protocol, int clientPort, int virtualPort, int flags) {
        return table.add(
                key.set(kind, protocol, CLIENT, clientPort, VIRTUAL, virtualPort),
                false,
                0,
                REAL,
                8080,
                flags);
    }

    private long add6(int clientPort, int flags) {
        return table.add(
                key.set(EntryKind.CONNECTION, TCP, NET, 1, clientPort, NET, 100, 80),
                true,
                NET,
                11,
                8080,
                flags);
    }

    private long findTemplate(int protocol, int virtualPort) {
        return table.find(key.set(EntryKind.TEMPLATE, protocol, CLIENT, 0, VIRTUAL, virtualPort));
    }

    private long addEngine(String name, String data) {
        return table.add(engineKey(name, data), false, 0, REAL, 5060, SyncFlags.TEMPLATE);
    }

    private long findEngine(String name, String data) {
        return table.find(engineKey(name, data));
    }

    private ConnectionKey engineKey(String name, String data) {
        templateKey()
                .engine()
                .set(
                        name.getBytes(StandardCharsets.US_ASCII),
                        data.getBytes(StandardCharsets.US_ASCII));
        return key.withEngine();
    }

    private ConnectionKey templateKey() {
        return key.set(EntryKind.TEMPLATE, UDP, CLIENT, 0, VIRTUAL, 5060);
    }
}
