package dev.tandem.director.testing;

import dev.tandem.director.address.AddressGroup;
import dev.tandem.director.address.Member;
import dev.tandem.director.address.Ownership;
import dev.tandem.director.app.AppCounters;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.conn.ConnectionKey;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.conn.ReplicationHook;
import dev.tandem.director.forward.Egress;
import dev.tandem.director.forward.PacketPath;
import dev.tandem.director.forward.PathCounters;
import dev.tandem.director.io.MemoryPort;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.ScratchFrames;
import dev.tandem.director.service.Services;
import dev.tandem.sync.wire.SyncFlags;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * A packet path between two ports, worked by hand.
 *
 * <pre>
 *   client 10.77.1.9 ── outside: VIP 10.77.1.100 ── inside: 10.77.2.100 ── servers 10.77.2.11 …
 *     TCP 80  NAT  10.77.2.11:8080
 *     TCP 81  DR   10.77.2.12:81
 *     TCP 82  no server
 *     UDP 53  NAT  10.77.2.13:5353
 *     UDP 54  DR   10.77.2.12:54
 * </pre>
 *
 * The same again over IPv6, in 2001:db8:1:: and 2001:db8:2::, and the ends of tunnels; connections
 * there are made by {@link #established}.
 */
public final class PathFixture implements AutoCloseable {
    public static final String CLIENT = "10.77.1.9";
    public static final String VIP = "10.77.1.100";
    public static final String GATEWAY = "10.77.2.100";
    public static final String NAT_SERVER = "10.77.2.11";
    public static final String DR_SERVER = "10.77.2.12";
    public static final String DNS_SERVER = "10.77.2.13";
    public static final String TUNNEL_SERVER = "10.77.2.14";
    public static final String TUNNEL_SOURCE = "10.77.2.1";
    public static final String CLIENT6 = "2001:db8:1::9";
    public static final String VIP6 = "2001:db8:1::100";
    public static final String GATEWAY6 = "2001:db8:2::100";
    public static final String NAT_SERVER6 = "2001:db8:2::11";
    public static final String DR_SERVER6 = "2001:db8:2::12";
    public static final String DNS_SERVER6 = "2001:db8:2::13";
    public static final String TUNNEL_SERVER6 = "2001:db8:2::14";
    public static final String TUNNEL_SOURCE6 = "2001:db8:2::1";
    public static final int GUE_PORT = 6080;
    public static final long OUTSIDE_HW = 0x020000000100L;
    public static final long INSIDE_HW = 0x020000000200L;
    public static final long CLIENT_HW = 0x020000000109L;
    public static final long NAT_SERVER_HW = 0x02000000020BL;
    public static final long DR_SERVER_HW = 0x02000000020CL;
    public static final long DNS_SERVER_HW = 0x02000000020DL;
    public static final long TUNNEL_SERVER_HW = 0x02000000020EL;
    public static final int SYN = 0x02;
    public static final int ACK = 0x10;
    public static final int RST = 0x04;
    public static final int FIN = 0x01;
    public static final int MTU = 1500;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;
    private static final int BATCH = 64;

    private final Arena arena = Arena.ofShared();
    public final MemoryPort outside;
    public final MemoryPort inside;
    public final List<MemoryPort> ports;
    public final Lan lan = new Lan();
    public final Ownership ownership = new Ownership(0);
    public final ScratchFrames scratch;
    public final PathCounters counters = new PathCounters();
    public final AppCounters appCounters = new AppCounters();
    public final ConnectionTable table = new ConnectionTable(4096);
    public final Services services = new Services();
    public final Connections connections = new Connections(table, services, ReplicationHook.NONE);
    public final AddressGroup addresses;
    public final Egress egress;
    public final PacketPath path;
    public long nowNs = 1_000_000_000L;

    /** Ports that keep what is sent. */
    public PathFixture() {
        this(true);
    }

    public PathFixture(boolean keepSent) {
        this(keepSent, DirectorConfig.DEFAULT_FTP_PORTS);
    }

    public PathFixture(boolean keepSent, List<Integer> ftpPorts) {
        outside = new MemoryPort(0, "outside", OUTSIDE_HW, MTU, 65_550, BATCH, keepSent);
        inside = new MemoryPort(1, "inside", INSIDE_HW, MTU, 65_550, BATCH, keepSent);
        ports = List.of(outside, inside);
        lan.neighbour(CLIENT, CLIENT_HW, OUTSIDE_HW, 0, MTU);
        lan.neighbour(NAT_SERVER, NAT_SERVER_HW, INSIDE_HW, 1, MTU);
        lan.neighbour(DR_SERVER, DR_SERVER_HW, INSIDE_HW, 1, MTU);
        lan.neighbour(DNS_SERVER, DNS_SERVER_HW, INSIDE_HW, 1, MTU);
        lan.neighbour(TUNNEL_SERVER, TUNNEL_SERVER_HW, INSIDE_HW, 1, MTU);
        lan.neighbour(CLIENT6, CLIENT_HW, OUTSIDE_HW, 0, MTU);
        lan.neighbour(NAT_SERVER6, NAT_SERVER_HW, INSIDE_HW, 1, MTU);
        lan.neighbour(DR_SERVER6, DR_SERVER_HW, INSIDE_HW, 1, MTU);
        lan.neighbour(DNS_SERVER6, DNS_SERVER_HW, INSIDE_HW, 1, MTU);
        lan.neighbour(TUNNEL_SERVER6, TUNNEL_SERVER_HW, INSIDE_HW, 1, MTU);
        lan.source(TUNNEL_SERVER, TUNNEL_SOURCE);
        lan.source(TUNNEL_SERVER6, TUNNEL_SOURCE6);
        scratch = new ScratchFrames(arena, 64);
        services.replace(services());
        List<PacketPort> all = new ArrayList<>(ports);
        addresses =
                new AddressGroup(
                        List.of(
                                new Member(Lan.address(VIP), outside),
                                new Member(Lan.address(GATEWAY), inside),
                                new Member(true, Lan.high(VIP6), Lan.low(VIP6), outside),
                                new Member(true, Lan.high(GATEWAY6), Lan.low(GATEWAY6), inside)),
                        all,
                        ownership,
                        scratch);
        egress = new Egress(all, lan, counters, arena);
        path =
                new PacketPath(
                        addresses, connections, egress, scratch, counters, ftpPorts, appCounters);
        ownership.leaseUntil(nowNs + 3_600_000_000_000L);
    }

    public static List<VirtualServiceConfig> services() {
        return List.of(
                service(Transport.TCP, 80, NAT_SERVER, 8080, Forwarding.NAT),
                service(Transport.TCP, 81, DR_SERVER, 81, Forwarding.DR),
                new VirtualServiceConfig(Transport.TCP, Lan.inet(VIP), 82, "rr", List.of()),
                service(Transport.UDP, 53, DNS_SERVER, 5353, Forwarding.NAT),
                service(Transport.UDP, 54, DR_SERVER, 54, Forwarding.DR));
    }

    private static VirtualServiceConfig service(
            Transport protocol, int port, String server, int serverPort, Forwarding method) {
        return new VirtualServiceConfig(
                protocol,
                Lan.inet(VIP),
                port,
                "rr",
                List.of(new RealServerConfig(Lan.inet(server), serverPort, method, 1)));
    }

    /** Owns the addresses; the announcements of taking them are not kept. */
    public PathFixture owning() {
        addresses.take(nowNs);
        takeSent();
        return this;
    }

    /** Lets connections exist: TCP from ports 40000 (NAT), 40001 (DR), UDP from 5000 and 5001. */
    public PathFixture connected() {
        receive(outside, fromClient(PacketBuilder.tcp(CLIENT, 40000, VIP, 80, SYN, 0)).build());
        receive(outside, fromClient(PacketBuilder.tcp(CLIENT, 40001, VIP, 81, SYN, 0)).build());
        receive(outside, fromClient(PacketBuilder.udp(CLIENT, 5000, VIP, 53, 1)).build());
        receive(outside, fromClient(PacketBuilder.udp(CLIENT, 5001, VIP, 54, 1)).build());
        takeSent();
        return this;
    }

    /**
     * Lets connections exist of which no packet has come yet, as by a sync message:
     *
     * <pre>
     *   TCP  40000 NAT (IPv6)   40001 DR (IPv6)   40002 tunnel (both)
     *   UDP  5000 NAT (IPv6)    5002 tunnel (both)    500 DR (both)
     *   SCTP 40010 NAT 90 to 9090   40011 NAT 91 to 91   40012 DR   40013 tunnel (both)
     * </pre>
     */
    public PathFixture established() {
        add(TCP, CLIENT6, 40000, VIP6, 80, NAT_SERVER6, 8080, SyncFlags.MASQ);
        add(TCP, CLIENT6, 40001, VIP6, 81, DR_SERVER6, 81, SyncFlags.DROUTE);
        add(UDP, CLIENT6, 5000, VIP6, 53, DNS_SERVER6, 5353, SyncFlags.MASQ);
        for (boolean ipv6 : new boolean[] {false, true}) {
            String client = ipv6 ? CLIENT6 : CLIENT;
            String vip = ipv6 ? VIP6 : VIP;
            String nat = ipv6 ? NAT_SERVER6 : NAT_SERVER;
            String dr = ipv6 ? DR_SERVER6 : DR_SERVER;
            String tunnel = ipv6 ? TUNNEL_SERVER6 : TUNNEL_SERVER;
            add(TCP, client, 40002, vip, 83, tunnel, 83, SyncFlags.TUNNEL);
            add(UDP, client, 5002, vip, 55, tunnel, 55, SyncFlags.TUNNEL);
            add(UDP, client, 500, vip, 500, dr, 500, SyncFlags.DROUTE);
            add(SCTP, client, 40010, vip, 90, nat, 9090, SyncFlags.MASQ);
            add(SCTP, client, 40011, vip, 91, nat, 91, SyncFlags.MASQ);
            add(SCTP, client, 40012, vip, 92, dr, 92, SyncFlags.DROUTE);
            add(SCTP, client, 40013, vip, 93, tunnel, 93, SyncFlags.TUNNEL);
        }
        return this;
    }

    /** Puts an entry without a server into the table. */
    public void add(
            int protocol,
            String client,
            int clientPort,
            String virtual,
            int port,
            String real,
            int realPort,
            int flags) {
        if (client.indexOf(':') < 0) {
            table.add(
                    protocol,
                    Lan.address(client),
                    clientPort,
                    Lan.address(virtual),
                    port,
                    Lan.address(real),
                    realPort,
                    flags);
            return;
        }
        ConnectionKey key =
                new ConnectionKey()
                        .set(
                                0,
                                protocol,
                                Lan.high(client),
                                Lan.low(client),
                                clientPort,
                                Lan.high(virtual),
                                Lan.low(virtual),
                                port);
        table.add(key, true, Lan.high(real), Lan.low(real), realPort, flags);
    }

    /** With the link-level addresses of a frame that the client sends. */
    public static PacketBuilder fromClient(PacketBuilder packet) {
        return packet.hardware(CLIENT_HW, OUTSIDE_HW);
    }

    /** With the link-level addresses of a frame that a server sends. */
    public static PacketBuilder fromServer(PacketBuilder packet) {
        return packet.hardware(NAT_SERVER_HW, INSIDE_HW);
    }

    /** Lets a frame arrive and works it as the worker does. */
    public void receive(MemoryPort port, byte[] frame) {
        if (!port.inject(frame)) {
            throw new IllegalStateException("no room for a frame of " + frame.length + " bytes");
        }
        work();
    }

    /** Works whatever waits on the ports. Returns the frames handled. */
    public int work() {
        int handled = 0;
        for (int i = 0; i < ports.size(); i++) {
            MemoryPort port = ports.get(i);
            int count = port.receive(BATCH);
            Ownership.State state = ownership.at(nowNs);
            for (int k = 0; k < count; k++) {
                path.handle(port, port.frame(k), port.length(k), state, nowNs);
            }
            egress.flush();
            scratch.reset();
            port.release(count);
            handled += count;
        }
        return handled;
    }

    /** Everything sent since the last call, on whatever port; each frame was checked. */
    public List<Sent> takeSent() {
        List<Sent> sent = new ArrayList<>();
        for (MemoryPort port : ports) {
            for (byte[] frame : port.takeSent()) {
                FrameChecker.check(frame);
                sent.add(new Sent(port, frame));
            }
        }
        return sent;
    }

    @Override
    public void close() {
        ports.forEach(MemoryPort::close);
        path.close();
        table.close();
        arena.close();
    }

    /** A frame that left through a port. */
    public static final class Sent {
        private final MemoryPort port;
        private final byte[] frame;

        Sent(MemoryPort port, byte[] frame) {
            this.port = port;
            this.frame = frame;
        }

        public MemoryPort port() {
            return port;
        }

        public byte[] frame() {
            return frame;
        }
    }
}
