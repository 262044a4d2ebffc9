package dev.tandem.director.conn;

import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.VirtualService;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
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
 *                     clientPacket(entry, ...)  then rewrite and send
 *   server's packet   entry = findForServer(...)
 *                     NONE: pass on
 *                     serverPacket(entry, ...)  then rewrite and send
 *   each turn         doWork(now)
 * </pre>
 */
public final class Connections {
    /** Timeout of an entry from its making until its first packet was seen through. */
    private static final int FIRST_TIMEOUT_SECONDS = 3;

    private final ConnectionTable table;
    private final Services services;
    private final ReplicationHook replication;
    private final Sweeper sweeper;
    private Refusal refusal = Refusal.NONE;

    public Connections(ConnectionTable table, Services services, ReplicationHook replication) {
        this.table = table;
        this.services = services;
        this.replication = replication;
        this.sweeper = new Sweeper(table, this::remove);
    }

    public ConnectionTable table() {
        return table;
    }

    public Services services() {
        return services;
    }

    /** Whether a packet without an entry may make one: any UDP packet, a TCP SYN that is no RST. */
    public static boolean startsConnection(Packet packet) {
        return packet.protocol != IpProtocol.TCP
                || (packet.tcpFlags & (Tcp.SYN | Tcp.RST)) == Tcp.SYN;
    }

    /**
     * The entry of a client's packet, or {@link ConnectionTable#NONE}.
     *
     * <p>A SYN that meets a connection in TIME_WAIT or CLOSE is a client using its port again: the
     * old entry is removed and NONE returned, so that the packet is scheduled anew (conn_reuse_mode
     * 1). Unlike the kernel with conntrack, the SYN itself is never dropped.
     */
    public long findForClient(Packet packet) {
        long entry =
                packet.ipv6
                        ? table.findIn(
                                packet.protocol,
                                packet.sourceHigh,
                                packet.sourceLow,
                                packet.sourcePort,
                                packet.destinationHigh,
                                packet.destinationLow,
                                packet.destinationPort)
                        : table.findIn(
                                packet.protocol,
                                packet.source4(),
                                packet.sourcePort,
                                packet.destination4(),
                                packet.destinationPort);
        if (entry != ConnectionTable.NONE
                && packet.protocol == IpProtocol.TCP
                && (packet.tcpFlags & Tcp.SYN) != 0
                && isOver(ConnectionEntry.state(entry))) {
            remove(entry);
            return ConnectionTable.NONE;
        }
        return entry;
    }

    /** The entry of a packet from a server, or {@link ConnectionTable#NONE}. */
    public long findForServer(Packet packet) {
        return packet.ipv6
                ? table.findOut(
                        packet.protocol,
                        packet.sourceHigh,
                        packet.sourceLow,
                        packet.sourcePort,
                        packet.destinationHigh,
                        packet.destinationLow,
                        packet.destinationPort)
                : table.findOut(
                        packet.protocol,
                        packet.source4(),
                        packet.sourcePort,
                        packet.destination4(),
                        packet.destinationPort);
    }

    /**
     * Whether the entry's server was taken out of the configuration: packets from the client are to
     * be dropped. The entry stays and goes on when the server comes back (expire_nodest_conn 0).
     */
    public boolean isServerGone(long entry) {
        RealServer server = server(entry);
        return server != null && !server.configured();
    }

    /**
     * Makes an entry for a new connection to a server that the service's scheduler picks. The
     * packet is then to be put through {@link #clientPacket}.
     *
     * @return the entry, or {@link ConnectionTable#NONE} with {@link #refusal()} saying why
     */
    public long schedule(VirtualService service, Packet packet, long nowNs) {
        RealServer server = service.pick(packet, nowNs);
        if (server == null) {
            refusal = Refusal.NO_SERVER;
            return ConnectionTable.NONE;
        }
        long entry =
                table.add(
                        packet.protocol,
                        packet.source4(),
                        packet.sourcePort,
                        packet.destination4(),
                        packet.destinationPort,
                        server.address(),
                        server.port(),
                        SyncFlags.INACTIVE | methodFlags(server));
        if (entry == ConnectionTable.NONE) {
            refusal = Refusal.TABLE_FULL;
            return ConnectionTable.NONE;
        }
        refusal = Refusal.NONE;
        ConnectionEntry.serverId(entry, server.id());
        ConnectionEntry.syncEndMs(entry, SyncPolicy.initialSyncEnd(nowNs / 1_000_000));
        ConnectionEntry.startTimer(entry, FIRST_TIMEOUT_SECONDS, nowNs);
        server.bind(true);
        server.countScheduled();
        return entry;
    }

    /** Why the last {@link #schedule} made no entry. */
    public Refusal refusal() {
        return refusal;
    }

    /** A packet from the client goes through the entry. */
    public void clientPacket(long entry, Packet packet, long nowNs) {
        RealServer server = server(entry);
        if (server != null) {
            server.countIn(packet.totalLength);
        }
        boolean noOutput = (ConnectionEntry.flags(entry) & SyncFlags.NOOUTPUT) != 0;
        advance(
                entry,
                server,
                noOutput ? TcpStateMachine.INPUT_ONLY : TcpStateMachine.INPUT,
                packet.tcpFlags,
                nowNs);
        ConnectionEntry.inPackets(entry, ConnectionEntry.inPackets(entry) + 1 & Integer.MAX_VALUE);
        replication.clientPacket(entry, nowNs);
    }

    /** A packet from the real server goes through the entry. From now on replies are expected. */
    public void serverPacket(long entry, Packet packet, long nowNs) {
        RealServer server = server(entry);
        if (server != null) {
            server.countOut(packet.totalLength);
        }
        ConnectionEntry.flags(entry, ConnectionEntry.flags(entry) & ~SyncFlags.NOOUTPUT);
        if (advance(entry, server, TcpStateMachine.OUTPUT, packet.tcpFlags, nowNs)) {
            replication.serverPacket(entry, nowNs);
        }
    }

    /**
     * Removes entries whose time is over, a bounded number of slots at a time, so that each slot is
     * visited about once a second.
     *
     * @return above 0 when there is more to do at once
     */
    public int doWork(long nowNs) {
        return sweeper.doWork(nowNs);
    }

    /**
     * The first packet of a client whose port an entry did not know yet: from now on it is this
     * client's connection (the kernel: ip_vs_conn_fill_cport, by NAT only).
     */
    public void learnClientPort(long entry, int clientPort) {
        table.clientPort(entry, clientPort);
    }

    /** Takes an entry out of the table and out of its server's counts. */
    public void remove(long entry) {
        RealServer server = server(entry);
        if (server != null) {
            if (ConnectionEntry.isTemplate(entry)) {
                server.unbindTemplate();
            } else {
                server.unbind(ConnectionEntry.isInactive(entry));
            }
        }
        table.remove(entry);
    }

    /** The server that the entry is bound to, or null. */
    public @Nullable RealServer server(long entry) {
        return services.server(ConnectionEntry.serverId(entry));
    }

    /** Flags that follow from a server's forwarding method. */
    static int methodFlags(RealServer server) {
        int code = server.forwarding().code();
        return code == SyncFlags.MASQ ? code : code | SyncFlags.NOOUTPUT;
    }

    /** Whether the state has changed. */
    private static boolean advance(
            long entry, @Nullable RealServer server, int direction, int tcpFlags, long nowNs) {
        if (ConnectionEntry.protocol(entry) != IpProtocol.TCP) {
            ConnectionEntry.startTimer(entry, EntryStates.UDP_TIMEOUT_SECONDS, nowNs);
            return false;
        }
        int state = ConnectionEntry.state(entry);
        int next = TcpStateMachine.next(direction, tcpFlags, state);
        if (next != state) {
            ConnectionEntry.state(entry, next);
            boolean inactive = !TcpStateMachine.isActive(next);
            if (server != null && inactive != ConnectionEntry.isInactive(entry)) {
                ConnectionEntry.flags(entry, ConnectionEntry.flags(entry) ^ SyncFlags.INACTIVE);
                server.shift(inactive);
            }
        }
        ConnectionEntry.startTimer(entry, TcpStateMachine.timeoutSeconds(next), nowNs);
        return next != state;
    }

    private static boolean isOver(int tcpState) {
        return tcpState == TcpState.TIME_WAIT.code() || tcpState == TcpState.CLOSE.code();
    }
}
