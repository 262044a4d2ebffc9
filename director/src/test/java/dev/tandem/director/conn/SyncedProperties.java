package dev.tandem.director.conn;

import static dev.tandem.director.conn.RecordSpec.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.conn.SyncedConnections.Outcome;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.VirtualService;
import dev.tandem.director.testing.Packets;
import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.wire.SyncState;
import java.net.InetAddress;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random sequences of records of every kind, packets from both sides, time and rounds, against
 * {@link ModelTable}. A failure names its seed.
 */
class SyncedProperties {
    private static final int STEPS = 4_000;
    private static final int LIMIT = 60;
    private static final int TEMPLATE = 0x1000;
    private static final List<String> REALS =
            List.of("10.77.2.11:8080", "10.77.2.11:443", "10.77.2.11:5353", "10.77.2.12:8080");
    private static final List<String> ENGINES = List.of("", "a", "b".repeat(57), "c".repeat(255));

    private final Services services = Fixture.services();
    private final ConnectionTable table = new ConnectionTable(LIMIT);
    private final Connections connections = new Connections(table, services, ReplicationHook.NONE);
    private final SyncedConnections synced = new SyncedConnections(connections);
    private final SyncDecoder decoder = new SyncDecoder("sip");
    private final ModelTable model = new ModelTable(LIMIT);
    private SplittableRandom random = new SplittableRandom(0);
    private long now = Long.MAX_VALUE - 50_000 * Fixture.SECOND; // deadlines wrap around

    static LongStream seeds() {
        long chosen = Long.getLong("tandem.seed", 0);
        return chosen != 0 ? LongStream.of(chosen) : LongStream.rangeClosed(1, 25);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Timeout(60)
    void shouldHoldWhatTheModelHolds(long seed) {
        random = new SplittableRandom(seed);
        try (table) {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(20)) {
                    case 0 -> elapse();
                    case 1 -> round();
                    case 2, 3, 4, 5, 6 -> clientPacket();
                    case 7, 8 -> serverPacket();
                    default -> receive();
                }
                assertEquals(model.entries.size(), table.size(), "seed " + seed);
                assertEquals(model.cells(), table.cells(), "seed " + seed);
                if (step % 50 == 0) {
                    compare("seed " + seed + " step " + step);
                }
            }
            compare("seed " + seed);
            table.sweep(
                    now + 2_000 * Fixture.SECOND,
                    table.slotCount(),
                    (entry, _) -> connections.remove(entry));
            assertEquals(0, table.size());
            assertEquals(0, table.cells());
            Listed.assertCounts(table, services);
        }
    }

    private void compare(String when) {
        TreeSet<String> lines = new TreeSet<>();
        for (int slot = 0; slot < table.slotCount(); slot++) {
            if (table.entryAt(slot) != ConnectionTable.NONE) {
                lines.add(Listed.line(table.entryAt(slot)));
            }
        }
        assertEquals(String.join("\n", model.lines()), String.join("\n", lines), when);
        Listed.assertCounts(table, services);
    }

    private void receive() {
        boolean ipv6 = random.nextInt(3) == 0;
        int protocol = pick(6, 6, 17, 132);
        boolean template = random.nextInt(3) == 0;
        if (template && random.nextInt(4) == 0) {
            protocol = 0;
        }
        String client = client(ipv6, template ? 0 : random.nextInt(3));
        String virtual = virtual(ipv6, pick(80, 443, 53, 0));
        String real = ipv6 ? pick("[fd02::11]:80", "[fd02::12]:80") : pick(REALS);
        int flags =
                random.nextInt(8)
                        | pick(0, 0x80, 0x100, 0x600, 0x10040)
                        | (template ? TEMPLATE : 0);
        if (!template && random.nextInt(4) == 0) {
            flags |= 0x800;
        }
        String data = template && protocol == 17 ? pick(ENGINES) : "";
        RecordSpec spec =
                record(client, virtual, real)
                        .protocol(protocol)
                        .state(random.nextInt(template ? 2 : SyncState.count(protocol)))
                        .flags(flags)
                        .timeout(1 + random.nextInt(1000));
        if (random.nextInt(5) == 0) {
            spec.fwmark(pick(7, -1));
        }
        if (random.nextInt(5) == 0) {
            int delta = random.nextInt(1000);
            spec.sequence(random.nextInt(), delta, delta - 12, random.nextInt(), -delta, -delta);
        }
        if (!data.isEmpty()) {
            spec.engine("sip", data);
        }
        String engine = data.isEmpty() ? "" : "sip:" + data;
        spec.deliver(
                decoder,
                r -> {
                    Outcome outcome = synced.apply(r, 3, 1, now);
                    assertEquals(
                            model.apply(r, client, virtual, real, engine, now),
                            outcome,
                            () -> client + " " + virtual);
                });
    }

    private void clientPacket() {
        int protocol = pick(6, 17);
        String client = client(false, random.nextInt(3));
        String virtual = virtual(false, protocol == 17 ? 53 : pick(80, 443));
        int flags = pick(Tcp.SYN, Tcp.ACK, Tcp.FIN | Tcp.ACK, Tcp.RST);
        ModelTable.Key key = model.find(protocol, client, virtual);
        if (key != null && protocol == 6 && (flags & Tcp.SYN) != 0) {
            int state = model.at(key).state;
            if (state == SyncState.TCP_TIME_WAIT || state == SyncState.TCP_CLOSE) {
                model.entries.remove(key);
                key = null;
            }
        }
        long entry =
                connections.findForClient(
                        Packets.ipv4(
                                protocol,
                                address(client),
                                port(client),
                                address(virtual),
                                port(virtual),
                                flags));
        assertEquals(key == null, entry == ConnectionTable.NONE, client);
        if (key == null) {
            schedule(protocol, client, virtual);
            return;
        }
        if (ConnectionEntry.hasNoClientPort(entry) && ConnectionEntry.forwardingCode(entry) == 0) {
            connections.learnClientPort(entry, port(client));
            key = model.learnPort(key, client);
        }
        boolean noOutput = (ConnectionEntry.flags(entry) & 0x80) != 0;
        connections.clientPacket(entry, Packets.of(flags, 60), now);
        model.packet(
                model.at(key),
                protocol,
                noOutput ? TcpStateMachine.INPUT_ONLY : TcpStateMachine.INPUT,
                flags,
                now);
    }

    private void schedule(int protocol, String client, String virtual) {
        VirtualService service = services.find(protocol, address(virtual), port(virtual));
        if (service == null) {
            return;
        }
        long entry =
                connections.schedule(
                        service,
                        Packets.ipv4(
                                service.protocol().number(),
                                address(client),
                                port(client),
                                address(virtual),
                                port(virtual),
                                0),
                        now);
        assertEquals(model.hasRoom(), entry != ConnectionTable.NONE);
        if (entry != ConnectionTable.NONE) {
            String real = protocol == 17 ? REALS.get(2) : REALS.get(port(virtual) == 80 ? 0 : 1);
            model.schedule(protocol, client, virtual, real, now);
        }
    }

    /** Of a connection by NAT, which is found from its server's side. */
    private void serverPacket() {
        String client = client(false, random.nextInt(3));
        int flags = pick(Tcp.SYN | Tcp.ACK, Tcp.ACK, Tcp.FIN | Tcp.ACK, Tcp.RST);
        String real = pick(REALS);
        long entry = table.findOut(6, address(real), port(real), address(client), port(client));
        long candidates =
                model.entries.entrySet().stream()
                        .filter(e -> isAnswered(e.getKey(), e.getValue(), client, real))
                        .count();
        assertEquals(candidates > 0, entry != ConnectionTable.NONE, client + " " + real);
        if (entry == ConnectionTable.NONE) {
            return;
        }
        String virtual =
                Addresses.format(ConnectionEntry.virtualAddress(entry))
                        + ":"
                        + ConnectionEntry.virtualPort(entry);
        ModelTable.Entry expected = model.at(new ModelTable.Key("", 6, client, virtual, ""));
        connections.serverPacket(entry, Packets.of(flags, 60), now);
        expected.flags &= ~0x80;
        model.packet(expected, 6, TcpStateMachine.OUTPUT, flags, now);
    }

    private static boolean isAnswered(
            ModelTable.Key key, ModelTable.Entry entry, String client, String real) {
        return key.kind().isEmpty()
                && key.protocol() == 6
                && key.client().equals(client)
                && entry.real.equals(real)
                && (entry.flags & 7) == 0;
    }

    private void elapse() {
        now += (1 + random.nextInt(300)) * Fixture.SECOND;
        table.sweep(now, table.slotCount(), (entry, _) -> connections.remove(entry));
        model.expire(now);
    }

    private void round() {
        synced.beginRound();
        model.beginRound();
        for (int i = random.nextInt(30); i > 0; i--) {
            receive();
        }
        while (!synced.endRound(7, BucketSet.all())) {
            assertTrue(table.slotCount() > 0);
        }
        model.endRound();
    }

    private String client(boolean ipv6, int port) {
        int host = 1 + random.nextInt(2);
        return (ipv6 ? "[fd01::" + host + "]" : "10.77.1." + host) + ":" + port;
    }

    private String virtual(boolean ipv6, int port) {
        return (ipv6 ? "[fd01::100]" : random.nextInt(4) == 0 ? "10.77.1.101" : "10.77.1.100")
                + ":"
                + port;
    }

    private int pick(int... numbers) {
        return numbers[random.nextInt(numbers.length)];
    }

    private String pick(String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private String pick(List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }

    private static int address(String endpoint) {
        return Addresses.toInt(
                InetAddress.ofLiteral(endpoint.substring(0, endpoint.lastIndexOf(':'))));
    }

    private static int port(String endpoint) {
        return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }
}
