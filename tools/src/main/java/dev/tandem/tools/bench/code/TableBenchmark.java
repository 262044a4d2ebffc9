package dev.tandem.tools.bench.code;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.conn.ReplicationHook;
import dev.tandem.director.conn.SyncedConnections;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.service.Services;
import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncRecordHandler;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncHeaderV1;
import dev.tandem.sync.wire.SyncRecord;
import dev.tandem.sync.wire.SyncRecordV1;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One operation is one record, or one search, in a table of a million connections. The next one
 * always belongs to a connection far from the last: the order is random, so nearly every access to
 * the table waits for memory.
 */
@State(Scope.Thread)
public class TableBenchmark {
    private static final int CONNECTIONS = 1_000_000;
    private static final int RECORDS = 40;
    private static final int DATAGRAMS = CONNECTIONS / RECORDS;
    private static final int DATAGRAM_LENGTH =
            SyncHeaderV1.LENGTH + RECORDS * SyncRecordV1.IPV4_LENGTH;
    private static final int SYNC_ID = 7;
    private static final int VIRTUAL = 0x0A4D0164;
    private static final int REAL = 0x0A4D020B;
    private static final int PORTS = 50_000;

    /** Full: the index is as loaded as it ever gets. */
    private static final int LIMIT = CONNECTIONS;

    private final ConnectionTable table = new ConnectionTable(LIMIT);
    private final Connections connections = connections(table);
    private final SyncedConnections synced = new SyncedConnections(connections);
    private final SyncDecoder decoder = new SyncDecoder();
    private final SyncRecordHandler applier = this::apply;
    private final SyncRecord record = new SyncRecord();

    /** Connection numbers in the order of the datagrams. */
    private final int[] order = shuffled();

    private final ByteBuffer datagrams = ByteBuffer.allocateDirect(DATAGRAMS * DATAGRAM_LENGTH);
    private final ByteBuffer next = datagrams.duplicate();
    private int datagram;
    private int newest;
    private long sum;

    public TableBenchmark() {
        SyncEncoder encoder = new SyncEncoder(SYNC_ID, DATAGRAM_LENGTH);
        for (int i = 0; i < DATAGRAMS; i++) {
            encoder.wrap(datagrams.slice(i * DATAGRAM_LENGTH, DATAGRAM_LENGTH));
            for (int j = 0; j < RECORDS; j++) {
                encoder.claim(record, false);
                fill(order[i * RECORDS + j]);
                apply(record);
            }
            encoder.finish();
        }
        if (table.size() != CONNECTIONS) {
            throw new IllegalStateException(table.size() + " connections");
        }
        newest = CONNECTIONS;
    }

    /** Records of connections that are there: found, their state, flags and timer set. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long update() {
        int at = nextDatagram() * DATAGRAM_LENGTH + SyncHeaderV1.LENGTH;
        for (int i = 0; i < RECORDS; i++) {
            apply(record.wrap(datagrams, at));
            at += SyncRecordV1.IPV4_LENGTH;
        }
        return sum;
    }

    /** The same from the datagram: checked, decoded, applied. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long decodeAndUpdate() {
        int at = nextDatagram() * DATAGRAM_LENGTH;
        next.limit(at + DATAGRAM_LENGTH).position(at);
        decoder.decode(next, SYNC_ID, applier);
        return sum;
    }

    /** A record makes a connection, bound to its server; the oldest one is looked up, removed. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long comeAndGo() {
        for (int i = 0; i < RECORDS; i++) {
            int old = number(newest - CONNECTIONS);
            connections.remove(find(old));
            record.wrap(datagrams, SyncHeaderV1.LENGTH);
            fill(number(newest));
            apply(record);
            newest++;
        }
        return sum;
    }

    /** A client's packet finds its connection. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long findIn() {
        int first = nextDatagram() * RECORDS;
        for (int i = 0; i < RECORDS; i++) {
            sum += find(order[first + i]);
        }
        return sum;
    }

    /** A server's packet finds its connection. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long findOut() {
        int first = nextDatagram() * RECORDS;
        for (int i = 0; i < RECORDS; i++) {
            int c = order[first + i];
            sum += table.findOut(IpProtocol.TCP, REAL, 8080, client(c), port(c));
        }
        return sum;
    }

    @TearDown
    public void close() {
        if (table.size() != CONNECTIONS) {
            throw new IllegalStateException(table.size() + " connections");
        }
        table.close();
    }

    private int nextDatagram() {
        int current = datagram;
        datagram = current + 1 == DATAGRAMS ? 0 : current + 1;
        return current;
    }

    private void apply(SyncRecord received) {
        sum += synced.apply(received, 3, 1, 0) == SyncedConnections.Outcome.UPDATED ? 1 : 2;
    }

    private long find(int connection) {
        return table.findIn(IpProtocol.TCP, client(connection), port(connection), VIRTUAL, 80);
    }

    private void fill(int connection) {
        record.protocol(IpProtocol.TCP)
                .flags(0)
                .state(1)
                .clientPort(port(connection))
                .virtualPort(80)
                .realPort(8080)
                .timeoutSeconds(900)
                .clientAddress(client(connection))
                .virtualAddress(VIRTUAL)
                .realAddress(REAL);
    }

    /** Of the i-th connection that ever was; the first million in the order of the datagrams. */
    private int number(int i) {
        int lap = i / CONNECTIONS;
        return order[i % CONNECTIONS] + (lap & 1) * CONNECTIONS;
    }

    private static int client(int connection) {
        return 0x0B000000 + connection / PORTS;
    }

    private static int port(int connection) {
        return 1024 + connection % PORTS;
    }

    private static int[] shuffled() {
        SplittableRandom random = new SplittableRandom(1);
        int[] numbers = new int[CONNECTIONS];
        for (int i = 1; i < CONNECTIONS; i++) {
            int j = random.nextInt(i + 1);
            numbers[i] = numbers[j];
            numbers[j] = i;
        }
        return numbers;
    }

    private static Connections connections(ConnectionTable table) {
        var services = new Services();
        services.replace(
                List.of(
                        new VirtualServiceConfig(
                                Transport.TCP,
                                Addresses.toInetAddress(VIRTUAL),
                                80,
                                "rr",
                                List.of(
                                        new RealServerConfig(
                                                Addresses.toInetAddress(REAL),
                                                8080,
                                                Forwarding.NAT,
                                                1)))));
        return new Connections(table, services, ReplicationHook.NONE);
    }
}
