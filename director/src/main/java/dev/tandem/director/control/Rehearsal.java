package dev.tandem.director.control;

import static dev.tandem.director.control.RehearsalNetwork.CLIENT;
import static dev.tandem.director.control.RehearsalNetwork.DR_SERVER;
import static dev.tandem.director.control.RehearsalNetwork.GATEWAY;
import static dev.tandem.director.control.RehearsalNetwork.NAT_SERVER;
import static dev.tandem.director.control.RehearsalNetwork.VIRTUAL;

import dev.tandem.director.address.AddressGroup;
import dev.tandem.director.address.Member;
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
import dev.tandem.sync.hardening.HardenedLink;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A packet path between ports in memory, the real one in all but the kernel, with a client and two
 * servers: one by NAT, one by direct routing.
 *
 * <p>A backup's packet path has never run when it becomes master, and code that never ran is
 * interpreted: hundreds of connections then wait tens of milliseconds for the compiler. So a
 * director rehearses when it starts ({@link #warmUp}). Benchmarks measure the same path.
 *
 * <p>What the rehearsal has not shown, the compiler believes never to happen, and throws its code
 * away when it does. So the rehearsal has traffic of every common kind, and ports and next hops of
 * three classes each: of two it would make a special case, and the real ones would be the third.
 *
 * <p>One thread at a time, and not the worker: it shares nothing with the director but the code.
 */
public final class Rehearsal implements AutoCloseable {
    /** Frames of a {@link #turn}. */
    public static final int BATCH = 64;

    /** Enough for the compiler's last tier to find hot what it inlines. */
    private static final int WARM_UP_ROUNDS = 600;

    private static final int SYNC_ID = 1;
    private static final int KEY_BYTES = 32;
    private static final int FLUSH_MS = 20;
    private static final long TURN_NS = 20_000_000;
    private static final long LEASE_NS = 200_000_000;
    private static final int NAT_PORT = 80;
    private static final int DR_PORT = 81;
    private static final int UDP_PORT = 53;
    private static final int CLIENT_PORT = 60_000;

    private final Arena arena = Arena.ofShared();
    private final MemoryPort outside = port(0);
    private final MemoryPort natSide = port(1);
    private final MemoryPort drSide = port(2);
    private final List<MemoryPort> ports = List.of(outside, natSide, drSide);
    private final ConnectionTable table = new ConnectionTable(1024);
    private final Ownership ownership = new Ownership(0);
    private final ScratchFrames scratch = new ScratchFrames(arena, BATCH);
    private final PathCounters counters = new PathCounters();
    private final @Nullable HardenedLink hardened;
    private final SyncSender sender;
    private final Connections connections;
    private final Egress egress;
    private final PacketPath path;
    private final long natRequest;
    private final long natReply;
    private final long drRequest;
    private final long udpRequest;
    private final long udpReply;
    private final long newcomer;
    private final long farewell;
    private long nowNs;
    private long forwarded;

    /** Takes the addresses and opens a connection by each method. */
    public Rehearsal() {
        this(0, null);
    }

    private Rehearsal(int variant, @Nullable HardenedLink hardened) {
        this.hardened = hardened;
        sender =
                new SyncSender(
                        table,
                        hardened == null ? new DeafLink() : hardened,
                        () -> new SyncEncoder(SYNC_ID, SyncLinkConfig.DEFAULT_MAX_LENGTH),
                        SyncPolicy.KERNEL_DEFAULT,
                        FLUSH_MS);
        RehearsalNetwork network = RehearsalNetwork.of(variant, arena);
        natRequest = network.tcp(CLIENT, CLIENT_PORT, VIRTUAL, NAT_PORT);
        natReply = network.tcp(NAT_SERVER, NAT_PORT, CLIENT, CLIENT_PORT);
        drRequest = network.tcp(CLIENT, CLIENT_PORT, VIRTUAL, DR_PORT);
        udpRequest = network.udp(CLIENT, CLIENT_PORT, VIRTUAL, UDP_PORT);
        udpReply = network.udp(NAT_SERVER, UDP_PORT, CLIENT, CLIENT_PORT);
        newcomer = network.tcp(CLIENT, 0, VIRTUAL, NAT_PORT);
        farewell = network.tcp(NAT_SERVER, NAT_PORT, CLIENT, 0);
        var services = new Services();
        services.replace(
                List.of(
                        service(Transport.TCP, NAT_PORT, NAT_SERVER, Forwarding.NAT),
                        service(Transport.TCP, DR_PORT, DR_SERVER, Forwarding.DR),
                        service(Transport.UDP, UDP_PORT, NAT_SERVER, Forwarding.NAT)));
        connections = new Connections(table, services, sender);
        var addresses =
                new AddressGroup(
                        List.of(
                                new Member(VIRTUAL, outside),
                                new Member(GATEWAY, natSide),
                                new Member(GATEWAY, drSide)),
                        List.copyOf(ports),
                        ownership,
                        scratch);
        egress = new Egress(ports, network, counters, arena);
        path = new PacketPath(addresses, connections, egress, scratch, counters);
        ownership.leaseUntil(LEASE_NS);
        addresses.take(0);
        if (hardened != null) {
            hardened.own();
        }
        sender.master(true);
        segment(natRequest, Tcp.SYN, outside);
        segment(drRequest, Tcp.SYN, outside);
        egress.flush();
        forwarded = sentFrames();
    }

    /** Runs all of the path often enough that it is compiled. Takes some hundred milliseconds. */
    static void warmUp() {
        List<Rehearsal> rehearsals =
                IntStream.range(0, RehearsalNetwork.VARIANTS)
                        .mapToObj(variant -> new Rehearsal(variant, hardenedLink()))
                        .toList();
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            for (Rehearsal rehearsal : rehearsals) {
                rehearsal.perform(round);
            }
        }
        rehearsals.forEach(Rehearsal::close);
    }

    /** Signs as a master does; whoever wants no signatures needs less than what is rehearsed. */
    private static HardenedLink hardenedLink() {
        var keys = List.of(new SyncKey(1, new byte[KEY_BYTES]));
        return new HardenedLink(
                new DeafLink(), SYNC_ID, new HardeningConfig(HardeningConfig.Mode.ENFORCE, keys));
    }

    private void perform(int round) {
        for (long frame : new long[] {natRequest, natReply, drRequest, udpRequest, udpReply}) {
            RehearsalNetwork.dress(frame, round % 2 == 0, round % 3 == 0);
        }
        turn(natRequest, outside);
        turn(natReply, natSide);
        turn(drRequest, outside);
        turn(udpRequest, outside);
        turn(udpReply, natSide);
        comeAndGo(1 + round);
        // a new master is asked for its table
        sender.startRound();
        sender.round(table.limit(), nowNs);
    }

    /** A connection's whole life; its entry expires in one of the turns to come. */
    private void comeAndGo(int clientPort) {
        Memory.putShortBe(
                RehearsalNetwork.transport(newcomer) + Tcp.SOURCE_PORT_OFFSET, clientPort);
        Memory.putShortBe(
                RehearsalNetwork.transport(farewell) + Tcp.DESTINATION_PORT_OFFSET, clientPort);
        segment(newcomer, Tcp.SYN, outside);
        segment(farewell, Tcp.SYN | Tcp.ACK, natSide);
        for (int i = 0; i < 3; i++) {
            segment(newcomer, Tcp.ACK, outside);
            segment(farewell, Tcp.ACK, natSide);
        }
        if (clientPort % 3 == 0) {
            segment(newcomer, Tcp.RST, outside);
        } else {
            segment(farewell, Tcp.FIN | Tcp.ACK, natSide);
            segment(newcomer, Tcp.FIN | Tcp.ACK, outside);
            segment(farewell, Tcp.ACK, natSide);
        }
        forwarded = sentFrames();
    }

    /** Where the client's frames arrive. */
    public MemoryPort outside() {
        return outside;
    }

    /** Where the frames of the server by NAT arrive. */
    public MemoryPort natSide() {
        return natSide;
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
            port.inject(frame, RehearsalNetwork.LENGTH);
        }
        work(port);
        long before = forwarded;
        forwarded = sentFrames();
        if (forwarded - before != BATCH) {
            throw new IllegalStateException(
                    "of %d frames %d were forwarded".formatted(BATCH, forwarded - before));
        }
        return forwarded;
    }

    @Override
    public void close() {
        ports.forEach(MemoryPort::close);
        table.close();
        arena.close();
    }

    private void segment(long frame, int tcpFlags, MemoryPort port) {
        long flags = RehearsalNetwork.transport(frame) + Tcp.FLAGS_OFFSET;
        Memory.putByte(flags, tcpFlags);
        port.inject(frame, RehearsalNetwork.LENGTH);
        Memory.putByte(flags, Tcp.ACK);
        work(port);
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
        if (hardened != null) {
            hardened.doWork(nowNs);
        }
        nowNs += TURN_NS;
        ownership.leaseUntil(nowNs + LEASE_NS);
    }

    private long sentFrames() {
        return outside.sentFrames() + natSide.sentFrames() + drSide.sentFrames();
    }

    /** A port of a class of its own. */
    private static MemoryPort port(int index) {
        long hardware = 0x020000000100L + index;
        int mtu = RehearsalNetwork.MTU;
        int length = RehearsalNetwork.LENGTH;
        return switch (index) {
            case 0 -> new MemoryPort(index, "outside", hardware, mtu, length, BATCH, false);
            case 1 -> new MemoryPort(index, "nat", hardware, mtu, length, BATCH, false) {};
            default -> new MemoryPort(index, "dr", hardware, mtu, length, BATCH, false) {};
        };
    }

    private static VirtualServiceConfig service(
            Transport transport, int port, int server, Forwarding forwarding) {
        return new VirtualServiceConfig(
                transport,
                Addresses.toInetAddress(VIRTUAL),
                port,
                "wlc",
                List.of(
                        new RealServerConfig(
                                Addresses.toInetAddress(server), port, forwarding, 1)));
    }
}
