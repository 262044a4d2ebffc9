package dev.tandem.tools.bench.table;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Transport;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.conn.ReplicationHook;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.VirtualService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Fills a connection table as packets do, looks connections up, lets it be swept while nothing
 * expires and while everything does. Time is a number here; only what the calls take is real.
 */
final class TableScale implements AutoCloseable {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TURN_NS = 1_000_000L;
    private static final int BATCH = 64;
    private static final int PORTS = 50_000;
    private static final int FIRST_PORT = 10_000;
    private static final int VIRTUAL_PORT = 80;
    private static final int WARM_UP = 20_000;
    private static final int PACKET_LENGTH = 60;
    private static final long CLIENTS = 0x0B00_0000L;
    private static final long VIRTUAL = 0x0A00_0001L;

    private final int entries;
    private final ConnectionTable table;
    private final Connections connections;
    private final VirtualService service;
    private final Packet packet = new Packet();
    private long nowNs = SECOND_NS;
    private long longestNs;
    private long longestCpuNs;

    /** What a table of this size was seen to do; all times in ns. */
    record Result(
            int connections,
            long arithmeticBytes,
            double residentBytes,
            double firstPacketNs,
            double lookUpNs,
            double sweepPerSecondNs,
            long longestIdleTurnNs,
            double expiryNs,
            long longestExpiryTurnNs,
            long longestTurnCpuNs) {}

    TableScale(int entries) {
        this.entries = entries;
        table = new ConnectionTable(entries);
        Services services = new Services();
        ServiceId id =
                new ServiceId.AddressService(
                        Transport.TCP, InetAddress.ofLiteral("10.0.0.1"), VIRTUAL_PORT);
        services.add(id, ServiceOptions.of("rr", false));
        for (int i = 1; i <= 4; i++) {
            services.add(
                    id,
                    new RealServerConfig(
                            InetAddress.ofLiteral("10.1.0." + i), VIRTUAL_PORT, Forwarding.NAT, 1));
        }
        service = services.list().getFirst();
        connections =
                new Connections(
                        table,
                        services,
                        ReplicationHook.NONE,
                        new LiveSettings(DirectorSettings.DEFAULT),
                        Map.of());
        packet.protocol = Transport.TCP.number();
        packet.destinationLow = VIRTUAL;
        packet.destinationPort = VIRTUAL_PORT;
        packet.totalLength = PACKET_LENGTH;
    }

    /** Runs all of it. */
    static Result run(int entries, Consumer<String> progress) {
        try (TableScale warmUp = new TableScale(WARM_UP)) {
            for (int i = 0; i < 5; i++) {
                Result _ = warmUp.measure(_ -> {});
            }
        }
        try (TableScale scale = new TableScale(entries)) {
            return scale.measure(progress);
        }
    }

    private Result measure(Consumer<String> progress) {
        long residentBefore = residentBytes();
        progress.accept("filling with " + entries + " connections");
        long start = System.nanoTime();
        fill();
        double firstPacketNs = (double) (System.nanoTime() - start) / entries;
        double resident = (double) (residentBytes() - residentBefore) / entries;
        progress.accept("looking up");
        double lookUpNs = lookUp();
        progress.accept("sweeping while nothing expires");
        longestNs = 0;
        longestCpuNs = 0;
        start = System.nanoTime();
        turns(2 * SECOND_NS);
        double sweepNs = (System.nanoTime() - start) / 2.0;
        long longestIdle = longestNs;
        progress.accept("expiring all of them");
        longestNs = 0;
        nowNs += 1000 * SECOND_NS;
        start = System.nanoTime();
        while (table.size() > 0) {
            turns(SECOND_NS / 10);
        }
        double expiryNs = (double) (System.nanoTime() - start) / entries;
        return new Result(
                entries,
                table.reservedBytes() / entries,
                resident,
                firstPacketNs,
                lookUpNs,
                sweepNs,
                longestIdle,
                expiryNs,
                longestNs,
                longestCpuNs);
    }

    /** SYN and ACK of each client, in batches as from a ring, with the worker's turns between. */
    private void fill() {
        for (int i = 0; i < entries; i++) {
            aim(i);
            packet.tcpFlags = Tcp.SYN;
            long entry = connections.findForClient(packet);
            if (entry != ConnectionTable.NONE) {
                throw new IllegalStateException("found before it was made");
            }
            entry = connections.schedule(service, packet, nowNs);
            if (entry == ConnectionTable.NONE) {
                throw new IllegalStateException("refused: " + connections.refusal());
            }
            connections.clientPacket(entry, packet, nowNs);
            packet.tcpFlags = Tcp.ACK;
            connections.clientPacket(entry, packet, nowNs);
            if (i % BATCH == 0) {
                nowNs += BATCH;
                turn();
            }
        }
    }

    private double lookUp() {
        SplittableRandom random = new SplittableRandom(1);
        int rounds = Math.min(4 * entries, 4_000_000);
        packet.tcpFlags = Tcp.ACK;
        long found = 0;
        long start = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            aim(random.nextInt(entries));
            found += connections.findForClient(packet) == ConnectionTable.NONE ? 0 : 1;
        }
        long took = System.nanoTime() - start;
        if (found != rounds) {
            throw new IllegalStateException("found %d of %d".formatted(found, rounds));
        }
        return (double) took / rounds;
    }

    private void turns(long lengthNs) {
        long end = nowNs + lengthNs;
        while (nowNs < end) {
            nowNs += TURN_NS;
            while (turn() > 0) {
                // more is due
            }
        }
    }

    private int turn() {
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long start = System.nanoTime();
        int more = connections.doWork(nowNs);
        longestNs = Math.max(longestNs, System.nanoTime() - start);
        long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
        longestCpuNs = Math.max(longestCpuNs, took);
        return more;
    }

    private void aim(int number) {
        packet.sourceLow = CLIENTS + number / PORTS;
        packet.sourcePort = FIRST_PORT + number % PORTS;
    }

    /** proc(5): the second number of statm is pages that are in memory. */
    private static long residentBytes() {
        try {
            String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
            return Long.parseLong(pages[1]) * 4096;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        table.close();
    }
}
