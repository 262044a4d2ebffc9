package dev.tandem.director.conn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Checksums;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTableTest {
    private static final int TCP = IpProtocol.TCP;
    private static final int CLIENT = 0x0A4D0001;
    private static final int VIRTUAL = 0x0A4D0164;
    private static final int REAL = 0x0A4D020B;
    private static final int NAT = SyncFlags.MASQ;
    private static final int DR = SyncFlags.DROUTE | SyncFlags.NOOUTPUT;

    @Test
    void shouldBeFoundFromBothSidesWhenTranslated() {
        try (var table = new ConnectionTable(16)) {
            long entry = table.add(TCP, CLIENT, 40000, VIRTUAL, 80, REAL, 8080, NAT);

            assertEquals(entry, table.findIn(TCP, CLIENT, 40000, VIRTUAL, 80));
            assertEquals(entry, table.findOut(TCP, REAL, 8080, CLIENT, 40000));
            assertEquals(
                    ConnectionTable.NONE, table.findIn(IpProtocol.UDP, CLIENT, 40000, VIRTUAL, 80));
            assertEquals(ConnectionTable.NONE, table.findIn(TCP, CLIENT, 40001, VIRTUAL, 80));
            assertEquals(ConnectionTable.NONE, table.findOut(TCP, VIRTUAL, 80, CLIENT, 40000));
        }
    }

    @Test
    void shouldBeFoundByTheVirtualSourceWhenNotTranslated() {
        try (var table = new ConnectionTable(16)) {
            long entry = table.add(TCP, CLIENT, 40000, VIRTUAL, 80, REAL, 80, DR);

            assertEquals(entry, table.findOut(TCP, VIRTUAL, 80, CLIENT, 40000));
            assertEquals(ConnectionTable.NONE, table.findOut(TCP, REAL, 80, CLIENT, 40000));
        }
    }

    @Test
    @Timeout(60)
    void shouldRemoveEntriesWhoseMemoryWasDamaged() {
        int size = 256;
        try (var table = new ConnectionTable(size)) {
            long[] entries = new long[size];
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < size; i++) {
                    entries[i] = table.add(TCP, CLIENT, 1024 + i, VIRTUAL, 80, REAL, 8080, NAT);
                    assertNotEquals(ConnectionTable.NONE, entries[i], "every cell came back");
                }
                for (int i = 0; i < size; i += 3) {
                    Memory.putByte(entries[i], 0xEE); // the client's address
                    table.remove(entries[i]);
                    long next = table.add(TCP, CLIENT, 1024 + i, VIRTUAL, 80, REAL, 8080, NAT);
                    assertEquals(entries[i], next, "in the same cell");
                    table.remove(next);
                }
                for (int i = 0; i < size; i++) {
                    boolean whole = i % 3 != 0;
                    long expected = whole ? entries[i] : ConnectionTable.NONE;
                    assertEquals(expected, table.findIn(TCP, CLIENT, 1024 + i, VIRTUAL, 80));
                    assertEquals(expected, table.findOut(TCP, REAL, 8080, CLIENT, 1024 + i));
                    if (whole) {
                        table.remove(entries[i]);
                    }
                }
                assertEquals(0, table.size());
                assertEquals(2L * 86 * (round + 1), table.damaged());
            }
        }
    }

    @Test
    void shouldKeepWhatItWasMadeOf() {
        try (var table = new ConnectionTable(16)) {
            long entry =
                    table.add(TCP, 0xFFFEFDFC, 65535, 0xC0A80A03, 65534, 0x80000001, 65533, NAT);

            assertEquals(0xFFFEFDFC, ConnectionEntry.clientAddress(entry));
            assertEquals(65535, ConnectionEntry.clientPort(entry));
            assertEquals(0xC0A80A03, ConnectionEntry.virtualAddress(entry));
            assertEquals(65534, ConnectionEntry.virtualPort(entry));
            assertEquals(0x80000001, ConnectionEntry.realAddress(entry));
            assertEquals(65533, ConnectionEntry.realPort(entry));
            assertEquals(TCP, ConnectionEntry.protocol(entry));
            assertEquals(NAT, ConnectionEntry.flags(entry));
            assertEquals(0, ConnectionEntry.state(entry));
            assertEquals(0, ConnectionEntry.inPackets(entry));
            assertEquals(0, ConnectionEntry.peerGeneration(entry));
            assertEquals(
                    0, entry % ConnectionEntry.SIZE, "entries lie in cache lines of their own");
        }
    }

    @Test
    void shouldHoldDeltasThatTurnOneSumIntoTheOther() {
        SplittableRandom random = new SplittableRandom(1);
        try (var table = new ConnectionTable(1)) {
            for (int i = 0; i < 10_000; i++) {
                int virtual = random.nextInt();
                int real = random.nextInt();
                int virtualPort = random.nextInt(65536);
                int realPort = random.nextInt(65536);
                long entry = table.add(TCP, CLIENT, 1, virtual, virtualPort, real, realPort, NAT);
                int before = Checksums.fold(sum(virtual) + virtualPort + 0x1234L);
                int after = Checksums.fold(sum(real) + realPort + 0x1234L);

                int in = Checksums.add(before, ConnectionEntry.addressDeltaIn(entry));
                in = Checksums.add(in, ConnectionEntry.portDeltaIn(entry));
                int out = Checksums.add(after, ConnectionEntry.addressDeltaOut(entry));
                out = Checksums.add(out, ConnectionEntry.portDeltaOut(entry));

                assertEquals(after % 0xFFFF, in % 0xFFFF);
                assertEquals(before % 0xFFFF, out % 0xFFFF);
                table.remove(entry);
            }
        }
    }

    @Test
    void shouldRefuseWhenFullAndTakeAgainAfterARemoval() {
        try (var table = new ConnectionTable(100)) {
            List<Long> entries = new ArrayList<>();
            for (int port = 1; port <= 100; port++) {
                entries.add(table.add(TCP, CLIENT, port, VIRTUAL, 80, REAL, 80, NAT));
            }

            assertEquals(
                    ConnectionTable.NONE, table.add(TCP, CLIENT, 101, VIRTUAL, 80, REAL, 80, NAT));
            assertEquals(100, table.size());
            assertEquals(ConnectionTable.NONE, table.findIn(TCP, CLIENT, 101, VIRTUAL, 80));

            table.remove(entries.get(41));

            assertNotEquals(
                    ConnectionTable.NONE, table.add(TCP, CLIENT, 101, VIRTUAL, 80, REAL, 80, NAT));
            assertEquals(ConnectionTable.NONE, table.findIn(TCP, CLIENT, 42, VIRTUAL, 80));
            assertEquals(100, table.size());
            assertEquals(100, table.slotCount());
        }
    }

    @Test
    void shouldMoveBetweenTheSidesWhenTheForwardingMethodChanges() {
        try (var table = new ConnectionTable(16)) {
            long entry = table.add(TCP, CLIENT, 40000, VIRTUAL, 80, REAL, 80, DR);

            table.forwarding(entry, SyncFlags.MASQ);

            assertEquals(entry, table.findOut(TCP, REAL, 80, CLIENT, 40000));
            assertEquals(SyncFlags.NOOUTPUT, ConnectionEntry.flags(entry));

            table.forwarding(entry, SyncFlags.DROUTE);

            assertEquals(ConnectionTable.NONE, table.findOut(TCP, REAL, 80, CLIENT, 40000));
            assertEquals(entry, table.findOut(TCP, VIRTUAL, 80, CLIENT, 40000));

            table.remove(entry);

            assertEquals(0, table.size());
            assertEquals(ConnectionTable.NONE, table.findIn(TCP, CLIENT, 40000, VIRTUAL, 80));
        }
    }

    @Test
    void shouldHandOverOnlyWhatIsOverdueWhenSwept() {
        long start = Long.MAX_VALUE - 5_000_000_000L; // deadlines wrap around
        try (var table = new ConnectionTable(1000)) {
            for (int i = 1; i <= 1000; i++) {
                long entry = table.add(TCP, CLIENT, i, VIRTUAL, 80, REAL, 80, NAT);
                ConnectionEntry.startTimer(entry, i % 10 + 1, start);
            }

            assertEquals(
                    0, table.sweep(start + 999_999_999L, 1000, (entry, _) -> table.remove(entry)));
            assertEquals(
                    100,
                    table.sweep(start + 1_000_000_000L, 1000, (entry, _) -> table.remove(entry)));
            assertEquals(
                    0,
                    table.sweep(start + 1_000_000_000L, 1000, (entry, _) -> table.remove(entry)));
            assertEquals(
                    900,
                    table.sweep(start + 10_000_000_000L, 5000, (entry, _) -> table.remove(entry)));
            assertEquals(0, table.size());
        }
    }

    @Test
    void shouldVisitEachSlotOnceInARoundWhenSweptBitByBit() {
        try (var table = new ConnectionTable(1000)) {
            for (int i = 1; i <= 1000; i++) {
                table.add(TCP, CLIENT, i, VIRTUAL, 80, REAL, 80, NAT);
            }
            Set<Long> visited = new HashSet<>();

            for (int i = 0; i < 11; i++) {
                table.sweep(1, 97, (entry, _) -> visited.add(entry));
            }

            assertEquals(1000, visited.size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, ConnectionTable.MAX_LIMIT + 1})
    void shouldNameTheRangeWhenTheLimitIsOutsideOfIt(int limit) {
        var error = assertThrows(IllegalArgumentException.class, () -> new ConnectionTable(limit));

        assertEquals(
                "connection limit " + limit + " is not within 1 to 16777216", error.getMessage());
    }

    @Test
    void shouldCostAtMost128BytesForAConnectionAndNothingUntilUsed() throws IOException {
        long before = residentBytes();
        try (var table = new ConnectionTable(ConnectionTable.MAX_LIMIT)) {
            table.add(TCP, CLIENT, 40000, VIRTUAL, 80, REAL, 80, NAT);

            assertTrue(table.reservedBytes() <= 128L * ConnectionTable.MAX_LIMIT);
            assertTrue(table.reservedBytes() > 1L << 30);
            assertTrue(residentBytes() - before < 200L << 20, "reserved, not committed");
        }
    }

    /** A leaked index slot would end in an endless probe, hence the time limit. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 100, 3000})
    @Timeout(60)
    void shouldAgreeWithAHashMapOverAMillionRandomOperations(int limit) {
        SplittableRandom random = new SplittableRandom(limit);
        ConnectionHash hash =
                new ConnectionHash(
                        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
        try (var table = new ConnectionTable(limit, hash)) {
            Model model = new Model(limit);
            int operations = limit == 3000 ? 1_000_000 : 100_000;
            for (int i = 0; i < operations; i++) {
                Key key = Key.random(random, limit);
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> model.add(table, key, random.nextInt(4) == 0 ? DR : NAT);
                    case 3, 4 -> model.remove(table, key);
                    case 5 -> model.changeMethod(table, key, random.nextBoolean());
                    default -> model.check(table, key);
                }
                assertEquals(model.size(), table.size());
            }
            model.checkAll(table);
        }
    }

    /** A connection: protocol, client, virtual side, and the server that goes with them. */
    private record Key(int protocol, int client, int clientPort, int virtual, int virtualPort) {
        /** Out of about twice as many as the table may hold; servers are shared by services. */
        static Key random(SplittableRandom random, int limit) {
            return new Key(
                    random.nextBoolean() ? TCP : IpProtocol.UDP,
                    CLIENT + random.nextInt(2),
                    1024 + random.nextInt(limit / 4 + 1),
                    VIRTUAL + random.nextInt(2),
                    80 + random.nextInt(2));
        }

        int real() {
            return REAL + clientPort % 3;
        }

        int realPort() {
            return 8000;
        }

        boolean isAnsweredBy(Key other, boolean translated) {
            return protocol == other.protocol
                    && client == other.client
                    && clientPort == other.clientPort
                    && (translated
                            || (virtual == other.virtual && virtualPort == other.virtualPort));
        }
    }

    /** The same table, as a map. */
    private static final class Model {
        private final int limit;
        private final Map<Key, Long> entries = new HashMap<>();
        private final Set<Long> inUse = new HashSet<>();

        Model(int limit) {
            this.limit = limit;
        }

        int size() {
            return entries.size();
        }

        void add(ConnectionTable table, Key key, int flags) {
            if (entries.containsKey(key)) {
                return;
            }
            long entry =
                    table.add(
                            key.protocol,
                            key.client,
                            key.clientPort,
                            key.virtual,
                            key.virtualPort,
                            key.real(),
                            key.realPort(),
                            flags);
            assertEquals(entries.size() == limit, entry == ConnectionTable.NONE);
            if (entry != ConnectionTable.NONE) {
                assertTrue(inUse.add(entry), "slot given out twice");
                entries.put(key, entry);
            }
        }

        void remove(ConnectionTable table, Key key) {
            Long entry = entries.remove(key);
            if (entry != null) {
                inUse.remove(entry);
                table.remove(entry);
            }
        }

        void changeMethod(ConnectionTable table, Key key, boolean translated) {
            Long entry = entries.get(key);
            if (entry != null) {
                table.forwarding(entry, translated ? SyncFlags.MASQ : SyncFlags.DROUTE);
            }
        }

        void checkAll(ConnectionTable table) {
            entries.keySet().forEach(key -> check(table, key));
            Set<Long> scanned = new HashSet<>();
            for (int slot = 0; slot < table.slotCount(); slot++) {
                if (table.entryAt(slot) != ConnectionTable.NONE) {
                    scanned.add(table.entryAt(slot));
                }
            }
            assertEquals(new HashSet<>(entries.values()), scanned);
        }

        void check(ConnectionTable table, Key key) {
            long expected = entries.getOrDefault(key, ConnectionTable.NONE);
            assertEquals(
                    expected,
                    table.findIn(
                            key.protocol,
                            key.client,
                            key.clientPort,
                            key.virtual,
                            key.virtualPort));
            checkOut(table, key, true);
            checkOut(table, key, false);
        }

        private void checkOut(ConnectionTable table, Key key, boolean translated) {
            long found =
                    table.findOut(
                            key.protocol,
                            translated ? key.real() : key.virtual,
                            translated ? key.realPort() : key.virtualPort,
                            key.client,
                            key.clientPort);
            Set<Long> right = answered(key, translated);
            assertTrue(
                    right.isEmpty() ? found == ConnectionTable.NONE : right.contains(found),
                    () -> key + " translated " + translated);
        }

        /** The entries a server's packet may belong to; several services may share the server. */
        private Set<Long> answered(Key key, boolean translated) {
            Set<Long> right = new HashSet<>();
            for (int virtual = VIRTUAL; virtual < VIRTUAL + 2; virtual++) {
                for (int port = 80; port < 82; port++) {
                    Key other = new Key(key.protocol, key.client, key.clientPort, virtual, port);
                    Long entry = entries.get(other);
                    if (entry != null
                            && (ConnectionEntry.forwardingCode(entry) == 0) == translated
                            && key.isAnsweredBy(other, translated)) {
                        right.add(entry);
                    }
                }
            }
            return right;
        }
    }

    private static long sum(int address) {
        return (address >>> 16) + (address & 0xFFFFL);
    }

    private static long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no VmRSS in /proc/self/status");
    }
}
