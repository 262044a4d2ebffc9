package dev.tandem.director.control;

import static dev.tandem.director.control.RehearsalNetwork.DR_PORT;
import static dev.tandem.director.control.RehearsalNetwork.DR_SERVER;
import static dev.tandem.director.control.RehearsalNetwork.GATEWAY;
import static dev.tandem.director.control.RehearsalNetwork.NAT_PORT;
import static dev.tandem.director.control.RehearsalNetwork.NAT_SERVER;
import static dev.tandem.director.control.RehearsalNetwork.NETWORK6;
import static dev.tandem.director.control.RehearsalNetwork.ONE_PACKET_PORT;
import static dev.tandem.director.control.RehearsalNetwork.TUNNEL_PORT;
import static dev.tandem.director.control.RehearsalNetwork.UDP_PORT;
import static dev.tandem.director.control.RehearsalNetwork.VIRTUAL;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.SyncConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.MemoryPort;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Tcp;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.transport.LoopLink;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A director between ports in memory, the real one in all but the kernel, with a client and two
 * servers: one by NAT, one by direct routing and by tunnel. What is rehearsed at the start ({@link
 * Rehearsal}), and measured by benchmarks.
 *
 * <p>One thread; its turns are taken by whoever uses it, in a time of their own.
 */
public final class MemoryDirector implements AutoCloseable {
    /** Frames of a {@link #turn}. */
    public static final int BATCH = 64;

    private static final int SYNC_ID = 1;
    private static final int FLUSH_MS = 20;
    private static final int CONNECTIONS = 1024;
    private static final long TURN_NS = 20_000_000;
    private static final long LEASE_NS = 200_000_000;

    private final Arena arena = Arena.ofShared();
    private final MemoryPort outside = port(0);
    private final MemoryPort natSide = port(1);
    private final MemoryPort drSide = port(2);
    private final RehearsalNetwork network;
    private final Director director;
    private long nowNs = System.nanoTime();

    /** Owns the addresses, and has a connection open by each method; nobody hears of them. */
    public MemoryDirector() {
        this(0, LoopLink.deaf(), HardeningConfig.OFF);
        own(1);
        open();
        segment(network.natRequest6, Tcp.SYN, outside);
        segment(network.tunnelRequest, Tcp.SYN, outside);
    }

    /**
     * A backup.
     *
     * @param variant of the network
     * @param link to its peer
     */
    MemoryDirector(int variant, LoopLink link, HardeningConfig hardening) {
        network = RehearsalNetwork.of(variant, arena);
        try {
            director =
                    new Director(
                            config(hardening),
                            new Wiring(
                                    List.of(outside, natSide, drSide),
                                    network,
                                    Optional.of(link),
                                    _ -> {},
                                    List.of(outside, natSide, drSide)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DirectorConfig config(HardeningConfig hardening) {
        return new DirectorConfig(
                List.of("outside", "nat", "dr"),
                AddressHolder.DIRECTOR,
                List.of(
                        new VirtualAddress(Addresses.toInetAddress(VIRTUAL), "outside"),
                        new VirtualAddress(Addresses.toInetAddress(GATEWAY), "nat"),
                        new VirtualAddress(Addresses.toInetAddress(GATEWAY), "dr")),
                services(),
                List.of(),
                Optional.of(
                        new SyncConfig(
                                SyncLinkConfig.of(
                                        "memory",
                                        Addresses.toInetAddress(VIRTUAL),
                                        SyncLinkConfig.DEFAULT_PORT),
                                SYNC_ID,
                                1,
                                SyncPolicy.KERNEL_DEFAULT,
                                FLUSH_MS,
                                hardening)),
                CONNECTIONS,
                0,
                DirectorSettings.DEFAULT);
    }

    /** What the client finds behind the virtual address. */
    static List<VirtualServiceConfig> services() {
        return List.of(
                service(Transport.TCP, NAT_PORT, NAT_SERVER, Forwarding.NAT),
                service(Transport.TCP, DR_PORT, DR_SERVER, Forwarding.DR),
                service(Transport.UDP, UDP_PORT, NAT_SERVER, Forwarding.NAT),
                service(Transport.TCP, TUNNEL_PORT, DR_SERVER, Forwarding.TUNNEL),
                onePacketService(),
                service6());
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

    private static VirtualServiceConfig onePacketService() {
        return new VirtualServiceConfig(
                new ServiceId.AddressService(
                        Transport.UDP, Addresses.toInetAddress(VIRTUAL), ONE_PACKET_PORT),
                new ServiceOptions("wlc", 0, 0, -1, "", true),
                List.of(
                        new RealServerConfig(
                                Addresses.toInetAddress(NAT_SERVER),
                                ONE_PACKET_PORT,
                                Forwarding.NAT,
                                1)));
    }

    private static VirtualServiceConfig service6() {
        return new VirtualServiceConfig(
                Transport.TCP,
                Addresses.toInetAddress(NETWORK6, VIRTUAL),
                NAT_PORT,
                "wlc",
                List.of(
                        new RealServerConfig(
                                Addresses.toInetAddress(NETWORK6, NAT_SERVER),
                                NAT_PORT,
                                Forwarding.NAT,
                                1)));
    }

    /** A port of a class of its own. */
    private static MemoryPort port(int index) {
        long hardware = 0x020000000100L + index;
        int mtu = RehearsalNetwork.MTU;
        int length = RehearsalNetwork.LENGTH6;
        return switch (index) {
            case 0 -> new MemoryPort(index, "outside", hardware, mtu, length, BATCH, false);
            case 1 -> new MemoryPort(index, "nat", hardware, mtu, length, BATCH, false) {};
            default -> new MemoryPort(index, "dr", hardware, mtu, length, BATCH, false) {};
        };
    }

    RehearsalNetwork network() {
        return network;
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
        return network.natRequest;
    }

    /** That server's segment to the client. */
    public long natReply() {
        return network.natReply;
    }

    /** A client's segment to the server by direct routing. */
    public long drRequest() {
        return network.drRequest;
    }

    /** As {@link #natRequest} over IPv6. */
    public long natRequest6() {
        return network.natRequest6;
    }

    /** As {@link #natReply} over IPv6. */
    public long natReply6() {
        return network.natReply6;
    }

    /** A client's segment to the server behind an IPIP tunnel. */
    public long tunnelRequest() {
        return network.tunnelRequest;
    }

    /** A client's datagram to a service whose every datagram is scheduled by itself. */
    public long onePacketRequest() {
        return network.onePacketRequest;
    }

    /** Takes the addresses. */
    void own(long epoch) {
        director.epoch(epoch);
        director.leaseUntil(nowNs + LEASE_NS);
        CompletableFuture<DirectorControl.Takeover> _ = director.takeAddresses();
        work();
    }

    /** Gives the addresses up when the peer was told of all connections. */
    void release(long drainMs) {
        CompletableFuture<Void> _ = director.flushSync();
        work();
        CompletableFuture<Void> _ = director.releaseAddresses(drainMs);
        work();
    }

    /** Opens the connections that the segments belong to. */
    void open() {
        segment(network.natRequest, Tcp.SYN, outside);
        segment(network.drRequest, Tcp.SYN, outside);
    }

    /**
     * A full batch of one frame arrives on a port and is forwarded in one turn.
     *
     * @return frames forwarded since the beginning
     * @throws IllegalStateException when one of the batch was not
     */
    public long turn(long frame, MemoryPort port) {
        for (int i = 0; i < BATCH; i++) {
            port.inject(frame, RehearsalNetwork.length(frame));
        }
        long before = director.forwarded();
        work();
        long forwarded = director.forwarded();
        if (forwarded - before != BATCH) {
            throw new IllegalStateException(
                    "of %d frames %d were forwarded".formatted(BATCH, forwarded - before));
        }
        return forwarded;
    }

    /** One segment with those flags. */
    void segment(long frame, int tcpFlags, MemoryPort port) {
        long flags = RehearsalNetwork.transport(frame) + Tcp.FLAGS_OFFSET;
        Memory.putByte(flags, tcpFlags);
        port.inject(frame, RehearsalNetwork.length(frame));
        Memory.putByte(flags, Tcp.ACK);
        work();
    }

    /** A turn of the worker. */
    void work() {
        director.leaseUntil(nowNs + LEASE_NS);
        int _ = director.turn(nowNs);
        nowNs += TURN_NS;
    }

    /** How it stands. */
    DirectorStatus status() {
        return director.status();
    }

    @Override
    public void close() {
        director.close();
        arena.close();
    }
}
