package dev.tandem.director.conn;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.Setting;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.VirtualService;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens to connections: they are scheduled, packets move their state and timers, they
 * expire. Keeps the counters of servers in step with the entries. Worker thread only; nothing here
 * allocates.
 *
 * <p>A packet goes through like this:
 *
 * <pre>
 *   client's packet   entry = findForClient(...)
 *                     NONE: startsConnection(...)? find the service, entry = schedule(...) : pass on
 *                     isServerGone(entry)? drop
 *                     clientPacket(entry, ...), then rewrite and send, then done(entry)
 *   server's packet   entry = findForServer(...)
 *                     NONE: pass on
 *                     serverPacket(entry, ...)  then rewrite and send
 *   each turn         doWork(now)
 * </pre>
 */
public final class Connections {
    /** Packets of AH and ESP belong to the connection of their key exchange (RFC 7296). */
    private static final int ISAKMP_PORT = 500;

    /** {@link Setting#CONN_REUSE_MODE}: also half-closed connections. */
    private static final int REUSE_HALF_CLOSED = 2;

    private final ConnectionTable table;
    private final Services services;
    private final ReplicationHook replication;
    private final LiveSettings settings;
    private final EntryLife life;
    private final EntryMachine machine;
    private final Defence defence;
    private final Scheduling scheduling;
    private final TemplateLookup templates;
    private final Sweeper sweeper;
    private final NodestScan nodest;
    private final SyncedBinding binding;

    /** With the kernel's defaults, and no persistence engines. */
    public Connections(ConnectionTable table, Services services, ReplicationHook replication) {
        this(table, services, replication, new LiveSettings(DirectorSettings.DEFAULT), Map.of());
    }

    /**
     * @param engines the persistence engines by their names
     */
    public Connections(
            ConnectionTable table,
            Services services,
            ReplicationHook replication,
            LiveSettings settings,
            Map<String, PersistenceEngine> engines) {
        this.table = table;
        this.services = services;
        this.replication = replication;
        this.settings = settings;
        life = new EntryLife(table, services, replication);
        machine = new EntryMachine(table, settings);
        defence = new Defence(table, life, machine, settings);
        scheduling = new Scheduling(table, life, defence, settings, engines);
        templates = new TemplateLookup(table);
        sweeper = new Sweeper(table, life::expire);
        nodest = new NodestScan(table, services, life, settings);
        binding = new SyncedBinding(table, services, life);
    }

    public ConnectionTable table() {
        return table;
    }

    public Services services() {
        return services;
    }

    /** What is set, now and whenever it is asked for. */
    public LiveSettings settings() {
        return settings;
    }

    public Defence defence() {
        return defence;
    }

    EntryLife life() {
        return life;
    }

    SyncedBinding binding() {
        return binding;
    }

    /**
     * Whether a packet without an entry may make one: a TCP SYN that is no RST, an SCTP INIT, any
     * UDP packet; with {@code sloppy_tcp} every segment but a RST, with {@code sloppy_sctp} every
     * packet but an ABORT.
     */
    public boolean startsConnection(Packet packet) {
        return switch (packet.protocol) {
            case IpProtocol.TCP -> {
                int wanted = settings.is(Setting.SLOPPY_TCP) ? 0 : Tcp.SYN;
                yield (packet.tcpFlags & (wanted | Tcp.RST)) == wanted;
            }
            case IpProtocol.SCTP -> {
                int event = SctpStateMachine.event(packet);
                yield event == SctpStateMachine.INIT
                        || (settings.is(Setting.SLOPPY_SCTP)
                                && event != SctpStateMachine.ABORT
                                && event != SctpStateMachine.NO_EVENT);
            }
            default -> packet.protocol == IpProtocol.UDP;
        };
    }

    /**
     * The entry of a client's packet, or {@link ConnectionTable#NONE}.
     *
     * <p>NONE too when there was one that makes way, so that the packet is scheduled anew: a client
     * uses its port again after its connection is over ({@code conn_reuse_mode}), its server is
     * gone or takes no new connections ({@code expire_nodest_conn}). Unlike the kernel with
     * conntrack, no packet is ever dropped for it.
     */
    public long findForClient(Packet packet) {
        long entry = lookUp(packet);
        if (entry != ConnectionTable.NONE && makesWay(entry, packet)) {
            life.makeWay(entry);
            return ConnectionTable.NONE;
        }
        return entry;
    }

    private long lookUp(Packet packet) {
        int protocol = packet.protocol;
        int clientPort = packet.sourcePort;
        int virtualPort = packet.destinationPort;
        if (isIpsec(protocol)) {
            protocol = IpProtocol.UDP;
            clientPort = ISAKMP_PORT;
            virtualPort = ISAKMP_PORT;
        }
        return packet.ipv6
                ? table.findIn(
                        protocol,
                        packet.sourceHigh,
                        packet.sourceLow,
                        clientPort,
                        packet.destinationHigh,
                        packet.destinationLow,
                        virtualPort)
                : table.findIn(
                        protocol, packet.source4(), clientPort, packet.destination4(), virtualPort);
    }

    /** The entry of a packet from a server, or {@link ConnectionTable#NONE}. */
    public long findForServer(Packet packet) {
        int protocol = packet.protocol;
        int realPort = packet.sourcePort;
        int clientPort = packet.destinationPort;
        if (isIpsec(protocol)) {
            protocol = IpProtocol.UDP;
            realPort = ISAKMP_PORT;
            clientPort = ISAKMP_PORT;
        }
        return packet.ipv6
                ? table.findOut(
                        protocol,
                        packet.sourceHigh,
                        packet.sourceLow,
                        realPort,
                        packet.destinationHigh,
                        packet.destinationLow,
                        clientPort)
                : table.findOut(
                        protocol, packet.source4(), realPort, packet.destination4(), clientPort);
    }

    private boolean makesWay(long entry, Packet packet) {
        DirectorSettings now = settings.now();
        boolean nodest = now.is(Setting.EXPIRE_NODEST_CONN);
        if (nodest && isServerGone(entry)) {
            return true;
        }
        if (!opensConnection(packet)) {
            return false;
        }
        RealServer server = nodest ? server(entry) : null;
        if (server != null && server.weight() == 0) {
            return true;
        }
        int mode = now.get(Setting.CONN_REUSE_MODE);
        return mode != 0
                && isOver(entry, (mode & REUSE_HALF_CLOSED) != 0)
                && table.parent(entry) == ConnectionTable.NONE;
    }

    private static boolean isOver(long entry, boolean halfClosed) {
        int state = ConnectionEntry.state(entry);
        return ConnectionEntry.protocol(entry) == IpProtocol.TCP
                ? state == TcpState.TIME_WAIT.code()
                        || state == TcpState.CLOSE.code()
                        || (halfClosed
                                && state == TcpState.FIN_WAIT.code()
                                && (ConnectionEntry.flags(entry) & SyncFlags.NOOUTPUT) != 0)
                : state == SctpState.CLOSED.code();
    }

    /** A SYN, with or without ACK, or an INIT. */
    private static boolean opensConnection(Packet packet) {
        return switch (packet.protocol) {
            case IpProtocol.TCP -> (packet.tcpFlags & Tcp.SYN) != 0;
            case IpProtocol.SCTP -> SctpStateMachine.event(packet) == SctpStateMachine.INIT;
            default -> false;
        };
    }

    /**
     * Whether the entry's server was taken out of the configuration: packets from the client are to
     * be dropped, or answered by a reset with {@code nodest_reset}. The entry stays and goes on
     * when the server comes back. Never with {@code nodest_drain}.
     */
    public boolean isServerGone(long entry) {
        RealServer server = server(entry);
        return server != null && !server.configured() && !settings.is(Setting.NODEST_DRAIN);
    }

    /**
     * Makes an entry for a new connection to a server that the service's scheduler or the client's
     * template picks. The packet is then to be put through {@link #clientPacket}, unless it is an
     * ICMP error.
     *
     * @return the entry, or {@link ConnectionTable#NONE} with {@link #refusal()} saying why
     */
    public long schedule(VirtualService service, Packet packet, long nowNs) {
        return scheduling.schedule(service, packet, nowNs);
    }

    /**
     * Makes an entry past all servers, for a service that has none to give ({@code cache_bypass}):
     * its packets go on to where the client sent them.
     *
     * @return as {@link #schedule}
     */
    public long bypass(VirtualService service, Packet packet, long nowNs) {
        return scheduling.bypass(service, packet, nowNs);
    }

    /**
     * Makes an entry for a connection that a helper has heard announced on another, its control
     * connection: to the same server, listening, and under the control connection, which stays as
     * long. When it is there already, it waits anew.
     *
     * @param key {@link ConnectionKey#announced} on the control connection
     * @param realHigh where the server has it, of the same family; IPv4 addresses in the low half
     * @return as {@link #schedule}
     */
    public long expect(
            long control,
            ConnectionKey key,
            long realHigh,
            long realLow,
            int realPort,
            long nowNs) {
        return scheduling.expect(control, key, realHigh, realLow, realPort, nowNs);
    }

    /** Why the last {@link #schedule}, {@link #bypass} or {@link #expect} made no entry. */
    public Refusal refusal() {
        return scheduling.refusal();
    }

    /** A packet from the client goes through the entry. */
    public void clientPacket(long entry, Packet packet, long nowNs) {
        RealServer server = server(entry);
        if (server != null) {
            server.countIn(packet.totalLength);
            if (ConnectionEntry.isSynced(entry)) {
                relink(entry, server);
            }
        }
        machine.advance(entry, server, false, packet, nowNs);
        if (!ConnectionEntry.isOnePacket(entry)) {
            int _ = ConnectionEntry.countPacket(entry);
        }
        replication.clientPacket(entry, nowNs);
    }

    /** A packet from the real server goes through the entry. From now on replies are expected. */
    public void serverPacket(long entry, Packet packet, long nowNs) {
        RealServer server = server(entry);
        if (server != null) {
            server.countOut(packet.totalLength);
        }
        if (machine.advance(entry, server, true, packet, nowNs)) {
            replication.serverPacket(entry, nowNs);
        }
    }

    /** The packet that an entry was made for was sent or dropped: ends it if it was for one. */
    public void done(long entry) {
        if (table.isTransient(entry)) {
            scheduling.endOnePacket();
        }
    }

    /**
     * A connection that came by sync, and no message said under which template it stands: at its
     * first packet here that one is looked for, or it would end before its connections.
     */
    private void relink(long entry, RealServer server) {
        if (ConnectionEntry.isMarked(entry, ConnectionEntry.RELINKED_MARK)) {
            return;
        }
        ConnectionEntry.mark(entry, ConnectionEntry.RELINKED_MARK);
        VirtualService service = server.service();
        if (service.options().isPersistent() && table.parent(entry) == ConnectionTable.NONE) {
            long template = templates.find(entry, service);
            if (template != ConnectionTable.NONE) {
                boolean _ = table.adopt(entry, template);
            }
        }
    }

    /**
     * Ends what is to end, a bounded number of slots at a time: entries whose time is over, which
     * are found within about a second; those whose server was removed; what the defence forgets.
     * Binds entries of a peer whose server has been configured since.
     *
     * @return above 0 when there is more to do at once
     */
    public int doWork(long nowNs) {
        return sweeper.doWork(nowNs) + nodest.doWork() + binding.doWork() + defence.doWork(nowNs);
    }

    /**
     * The first packet of a client whose port an entry did not know yet: from now on it is this
     * client's connection (the kernel: ip_vs_conn_fill_cport, by NAT only).
     */
    public void learnClientPort(long entry, int clientPort) {
        table.clientPort(entry, clientPort);
    }

    /** Ends an entry; when others stand under it, it ends with the last of them. */
    public void remove(long entry) {
        life.makeWay(entry);
    }

    /** The server that the entry is bound to, or null. */
    public @Nullable RealServer server(long entry) {
        return life.server(entry);
    }

    private static boolean isIpsec(int protocol) {
        return protocol == IpProtocol.ESP || protocol == IpProtocol.AH;
    }
}
