package dev.tandem.director.control;

import dev.tandem.director.address.AddressGroup;
import dev.tandem.director.address.Ownership;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.forward.Egress;
import dev.tandem.director.forward.PacketPath;
import dev.tandem.director.forward.PathCounters;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.MemoryPort;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.ScratchFrames;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.Services;
import dev.tandem.director.sync.SyncSender;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.transport.MulticastConfig;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * A packet path between two ports in memory, the real one in all but the kernel, with a client and
 * two servers: one by NAT, one by direct routing.
 *
 * <p>A backup's packet path has never run when it becomes master, and code that never ran is
 * interpreted: hundreds of connections then wait tens of milliseconds for the compiler. So a
 * director rehearses when it starts ({@link #warmUp}). Benchmarks measure the same path.
 *
 * <p>One thread at a time, and not the worker: it shares nothing with the director but the code.
 */
public final class Rehearsal implements AutoCloseable {
    /** Frames of a {@link #turn}. */
    public static final int BATCH = 64;

    /** Enough for the compiler's last tier to find what it inlines hot, by a factor of two. */
    private static final int WARM_UP_TURNS = 500;

    private static final int SYNC_ID = 1;
    private static final int FLUSH_MS = 20;
    private static final long TURN_NS = 1_000_000;
    private static final long LEASE_NS = 3_600_000_000_000L;
    private static final int NAT_PORT = 80;
    private static final int DR_PORT = 81;
    private static final int CLIENT_PORTS = 50_000;

    private final Arena arena = Arena.ofShared();
    private final MemoryPort outside = port(0, "outside");
    private final MemoryPort inside = port(1, "inside");
    private final ConnectionTable table = new ConnectionTable(1024);
    private final Ownership ownership = new Ownership(0);
    private final ScratchFrames scratch = new ScratchFrames(arena, BATCH);
    private final PathCounters counters = new PathCounters();
    private final SyncSender sender =
            new SyncSender(
                    table,
                    new DeafLink(),
                    new SyncEncoder(SYNC_ID, MulticastConfig.DEFAULT_MAX_LENGTH),
                    SyncPolicy.KERNEL_DEFAULT,
                    FLUSH_MS);
    private final Connections connections;
    private final Egress egress;
    private final PacketPath path;
    private final RehearsalFrames frames = new RehearsalFrames(arena);
    private final long natRequest =
            frames.segment(RehearsalFrames.CLIENT, 40_000, RehearsalFrames.VIRTUAL, NAT_PORT);
    private final long natReply =
            frames.segment(RehearsalFrames.NAT_SERVER, 8080, RehearsalFrames.CLIENT, 40_000);
    private final long drRequest =
            frames.segment(RehearsalFrames.CLIENT, 40_000, RehearsalFrames.VIRTUAL, DR_PORT);
    private final long newcomer =
            frames.segment(RehearsalFrames.CLIENT, 0, RehearsalFrames.VIRTUAL, NAT_PORT);
    private long nowNs;
    private long sent;

    /** Takes the addresses and opens a connection by each method. */
    public Rehearsal() {
        var services = new Services();
        services.replace(
                List.of(
                        service(NAT_PORT, RehearsalFrames.NAT_SERVER, 8080, Forwarding.NAT),
                        service(DR_PORT, RehearsalFrames.DR_SERVER, DR_PORT, Forwarding.DR)));
        connections = new Connections(table, services, sender);
        List<MemoryPort> ports = List.of(outside, inside);
        var addresses =
                new AddressGroup(
                        List.of(new AddressGroup.Member(RehearsalFrames.VIRTUAL, outside)),
                        List.copyOf(ports),
                        ownership,
                        scratch);
        egress = new Egress(ports, frames, counters, arena);
        path = new PacketPath(addresses, connections, egress, scratch, counters);
        ownership.leaseUntil(LEASE_NS);
        addresses.take(0);
        sender.master(true);
        open(natRequest);
        open(drRequest);
    }

    /** Runs all of the path often enough that it is compiled. Takes some hundred milliseconds. */
    static void warmUp() {
        try (var rehearsal = new Rehearsal()) {
            for (int i = 0; i < WARM_UP_TURNS && !Thread.currentThread().isInterrupted(); i++) {
                rehearsal.turn(rehearsal.natRequest, rehearsal.outside);
                rehearsal.turn(rehearsal.natReply, rehearsal.inside);
                rehearsal.turn(rehearsal.drRequest, rehearsal.outside);
                rehearsal.comeAndGo(1 + i % CLIENT_PORTS);
            }
        }
    }

    /** Where the client's frames arrive. */
    public MemoryPort outside() {
        return outside;
    }

    /** Where the servers' frames arrive. */
    public MemoryPort inside() {
        return inside;
    }

    /** A client's segment to the server by NAT. */
    public long natRequest() {
        return natRequest;
    }

    /** That server's segment to the client. */
    public long natReply() {
        return natReply;
    }

    /** A client's segment to the server by direct routing. */
    public long drRequest() {
        return drRequest;
    }

    /**
     * A full batch of one frame arrives on a port and is forwarded.
     *
     * @return frames forwarded since the beginning
     * @throws IllegalStateException when one of the batch was not
     */
    public long turn(long frame, MemoryPort port) {
        for (int i = 0; i < BATCH; i++) {
            port.inject(frame, RehearsalFrames.LENGTH);
        }
        work(port);
        long forwarded = outside.sentFrames() + inside.sentFrames();
        if (forwarded - sent != BATCH) {
            throw new IllegalStateException(
                    "of %d frames %d were forwarded".formatted(BATCH, forwarded - sent));
        }
        sent = forwarded;
        return forwarded;
    }

    @Override
    public void close() {
        outside.close();
        inside.close();
        table.close();
        arena.close();
    }

    /** A connection is opened and reset; its entry expires in one of the turns to come. */
    private void comeAndGo(int clientPort) {
        long tcp = RehearsalFrames.transport(newcomer);
        Memory.putShortBe(tcp + Tcp.SOURCE_PORT_OFFSET, clientPort);
        open(newcomer);
        Memory.putByte(tcp + Tcp.FLAGS_OFFSET, Tcp.RST);
        outside.inject(newcomer, RehearsalFrames.LENGTH);
        work(outside);
        sent = outside.sentFrames() + inside.sentFrames();
    }

    private void open(long frame) {
        long flags = RehearsalFrames.transport(frame) + Tcp.FLAGS_OFFSET;
        Memory.putByte(flags, Tcp.SYN);
        outside.inject(frame, RehearsalFrames.LENGTH);
        work(outside);
        Memory.putByte(flags, Tcp.ACK);
        sent = outside.sentFrames() + inside.sentFrames();
    }

    private void work(MemoryPort port) {
        int count = port.receive(BATCH);
        Ownership.State state = ownership.at(nowNs);
        for (int i = 0; i < count; i++) {
            path.handle(port, port.frame(i), port.length(i), state, nowNs);
        }
        egress.flush();
        scratch.reset();
        port.release(count);
        connections.doWork(nowNs);
        sender.doWork(nowNs);
        nowNs += TURN_NS;
    }

    private static MemoryPort port(int index, String name) {
        return new MemoryPort(
                index,
                name,
                0x020000000100L + index,
                RehearsalFrames.MTU,
                RehearsalFrames.LENGTH,
                BATCH,
                false);
    }

    private static VirtualServiceConfig service(
            int port, int server, int serverPort, Forwarding forwarding) {
        return new VirtualServiceConfig(
                Transport.TCP,
                Addresses.toInetAddress(RehearsalFrames.VIRTUAL),
                port,
                "wlc",
                List.of(
                        new RealServerConfig(
                                Addresses.toInetAddress(server), serverPort, forwarding, 1)));
    }
}
