package dev.tandem.director.conn;

import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.VirtualService;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes entries for new connections (net/netfilter/ipvs/ip_vs_core.c, ip_vs_schedule and
 * ip_vs_sched_persist). Worker thread only; allocates nothing.
 *
 * <p>A persistent service keeps a client's network with its server by a template, whose key depends
 * on the port that was called:
 *
 * <pre>
 *   port called                               template of
 *   the service's, not 21                     protocol, client network, virtual address and port
 *   the service's, 21: FTP and its data       protocol, client network, virtual address
 *   another, service by address               the same
 *   another, service by firewall mark         client network, mark
 * </pre>
 *
 * <p>The server's port: the packet's own, if the server has port 0. A persistent service by mark
 * always leaves the packet's port, one without persistence takes the server's, as in the kernel.
 */
final class Scheduling {
    /** Timeout of an entry from its making until its first packet was seen through. */
    private static final int FIRST_TIMEOUT_SECONDS = 3;

    private static final int FTP_PORT = 21;
    private static final int FTP_DATA_PORT = 20;

    /** The ports of a template that is no good any more; what listings show of it. */
    private static final int INVALID_PORT = 0xFFFF;

    private final ConnectionTable table;
    private final EntryLife life;
    private final Defence defence;
    private final LiveSettings settings;
    private final Map<String, PersistenceEngine> engines;
    private final ConnectionKey key = new ConnectionKey();
    private Refusal refusal = Refusal.NONE;

    Scheduling(
            ConnectionTable table,
            EntryLife life,
            Defence defence,
            LiveSettings settings,
            Map<String, PersistenceEngine> engines) {
        this.table = table;
        this.life = life;
        this.defence = defence;
        this.settings = settings;
        this.engines = engines;
    }

    Refusal refusal() {
        return refusal;
    }

    /** See {@link Connections#schedule}. */
    long schedule(VirtualService service, Packet packet, long nowNs) {
        refusal = Refusal.NONE;
        if (packet.sourcePort == FTP_DATA_PORT) {
            return refuse(Refusal.LEFT);
        }
        if (defence.dropsPacket()) {
            return refuse(Refusal.DROPPED);
        }
        long entry =
                service.options().isPersistent()
                        ? schedulePersistent(service, packet, nowNs)
                        : scheduleAnew(service, packet, nowNs);
        if (refusal == Refusal.NO_SERVER
                && service.port() == FTP_PORT
                && packet.destinationPort != FTP_PORT) {
            return refuse(Refusal.LEFT);
        }
        return entry;
    }

    private long scheduleAnew(VirtualService service, Packet packet, long nowNs) {
        if (service.fwmark() == 0 && packet.destinationPort != service.port()) {
            return refuse(Refusal.NO_SERVER);
        }
        RealServer server = service.pick(packet, nowNs);
        if (server == null) {
            return refuse(Refusal.NO_SERVER);
        }
        int port = server.port() == 0 ? packet.destinationPort : server.port();
        return connect(service, packet, server, port, ConnectionTable.NONE, nowNs);
    }

    private long schedulePersistent(VirtualService service, Packet packet, long nowNs) {
        if (!setTemplateKey(service, packet)) {
            return refuse(Refusal.ENGINE);
        }
        long template = table.find(key);
        RealServer server = template == ConnectionTable.NONE ? null : goodServer(template);
        boolean found = server != null;
        if (server == null) {
            if (template != ConnectionTable.NONE) {
                table.invalidate(template, INVALID_PORT);
            }
            server = service.pick(packet, nowNs);
            if (server == null) {
                return refuse(Refusal.NO_SERVER);
            }
            template = makeTemplate(service, packet, server, nowNs);
            if (template == ConnectionTable.NONE) {
                return refuse(Refusal.TABLE_FULL);
            }
        }
        int port =
                packet.destinationPort == service.port() && server.port() != 0
                        ? server.port()
                        : packet.destinationPort;
        long entry = connect(service, packet, server, port, template, nowNs);
        if (entry == ConnectionTable.NONE && !found) {
            life.remove(template);
        } else {
            ConnectionEntry.restartTimer(template, nowNs);
        }
        return entry;
    }

    /** The server to which a template holds, null when it holds to none any more. */
    private @Nullable RealServer goodServer(long template) {
        RealServer server = life.server(template);
        return server != null
                        && server.configured()
                        && (server.weight() != 0 || !settings.is(Setting.EXPIRE_QUIESCENT_TEMPLATE))
                ? server
                : null;
    }

    /** False when the persistence engine refuses. */
    private boolean setTemplateKey(VirtualService service, Packet packet) {
        boolean own = packet.destinationPort == service.port();
        boolean byMark = !own && service.fwmark() != 0;
        int port = own && service.port() != FTP_PORT ? service.port() : 0;
        long clientHigh = packet.sourceHigh & service.clientMaskHigh();
        long clientLow = packet.sourceLow & service.clientMaskLow();
        if (byMark) {
            key.setOfMark(packet.ipv6, clientHigh, clientLow, service.fwmark());
        } else {
            key.set(
                    EntryKind.TEMPLATE,
                    packet.ipv6,
                    packet.protocol,
                    clientHigh,
                    clientLow,
                    0,
                    packet.destinationHigh,
                    packet.destinationLow,
                    port);
        }
        PersistenceEngine engine = engines.get(service.options().engine());
        if (engine == null) {
            return true;
        }
        PersistenceEngine.Result result = engine.fill(packet, key.engine());
        if (result == PersistenceEngine.Result.FOUND) {
            key.withEngine();
        }
        return result != PersistenceEngine.Result.REFUSED;
    }

    /** The key is the template's. */
    private long makeTemplate(
            VirtualService service, Packet packet, RealServer server, long nowNs) {
        boolean own = packet.destinationPort == service.port() && service.port() != FTP_PORT;
        int flags = SyncFlags.TEMPLATE | SyncFlags.INACTIVE | EntryLife.methodFlags(server);
        long template = add(server, own ? server.port() : 0, flags, ConnectionTable.NONE, nowNs);
        if (template == ConnectionTable.NONE) {
            return ConnectionTable.NONE;
        }
        if (!table.fwmark(template, service.fwmark())) {
            table.remove(template);
            return ConnectionTable.NONE;
        }
        life.bind(template, server);
        ServiceOptions options = service.options();
        begin(template, options.persistenceSeconds(), nowNs);
        return template;
    }

    /** Makes the connection itself, under a template or none. */
    private long connect(
            VirtualService service,
            Packet packet,
            RealServer server,
            int port,
            long template,
            long nowNs) {
        int flags = SyncFlags.INACTIVE | EntryLife.methodFlags(server);
        long entry;
        if (isOnePacket(service, packet)) {
            endOnePacket();
            key.set(packet);
            entry =
                    table.addTransient(
                            key,
                            server.isIpv6(),
                            server.addressHigh(),
                            server.addressLow(),
                            port,
                            flags | SyncFlags.ONE_PACKET);
        } else if (packet.ipv6 || server.isIpv6()) {
            key.set(packet);
            entry = add(server, port, flags, template, nowNs);
        } else {
            entry = add4(packet, server.address(), port, flags, template, nowNs);
        }
        if (entry == ConnectionTable.NONE) {
            return refuse(Refusal.TABLE_FULL);
        }
        if (!table.fwmark(entry, service.fwmark())
                || (template != ConnectionTable.NONE && !table.adopt(entry, template))) {
            if (!table.isTransient(entry)) {
                table.remove(entry);
            }
            return refuse(Refusal.TABLE_FULL);
        }
        life.bind(entry, server);
        begin(entry, FIRST_TIMEOUT_SECONDS, nowNs);
        server.countScheduled();
        return entry;
    }

    /** Ends the present connection of one packet, if there is one. */
    void endOnePacket() {
        long entry = table.transientEntry();
        if (ConnectionEntry.isOnePacket(entry)) {
            life.remove(entry);
            ConnectionEntry.flags(entry, 0);
        }
    }

    /** See {@link Connections#bypass}. */
    long bypass(VirtualService service, Packet packet, long nowNs) {
        refusal = Refusal.NONE;
        endOnePacket();
        key.set(packet);
        int flags = SyncFlags.BYPASS;
        long entry =
                isOnePacket(service, packet)
                        ? table.addTransient(
                                key, packet.ipv6, 0, 0, 0, flags | SyncFlags.ONE_PACKET)
                        : table.add(key, packet.ipv6, 0, 0, 0, flags);
        if (entry == ConnectionTable.NONE) {
            return refuse(Refusal.TABLE_FULL);
        }
        begin(entry, FIRST_TIMEOUT_SECONDS, nowNs);
        return entry;
    }

    /** See {@link Connections#expect}. */
    long expect(
            long control,
            ConnectionKey announced,
            long realHigh,
            long realLow,
            int realPort,
            long nowNs) {
        int kind = announced.kind();
        int clientPort = announced.clientPort();
        int seconds = settings.get(Setting.TIMEOUT_LISTEN);
        long present = table.find(announced);
        if (present != ConnectionTable.NONE) {
            ConnectionEntry.startTimer(present, seconds, nowNs);
            return present;
        }
        RealServer server = life.server(control);
        if (server == null) {
            return refuse(Refusal.NO_SERVER);
        }
        announced.kind(kind).clientPort(clientPort);
        int flags = SyncFlags.INACTIVE | EntryLife.methodFlags(server);
        long entry =
                table.add(
                        announced,
                        announced.isIpv6(),
                        realHigh,
                        realLow,
                        realPort,
                        clientPort == 0 ? flags | SyncFlags.NO_CPORT : flags);
        if (entry == ConnectionTable.NONE) {
            return refuse(Refusal.TABLE_FULL);
        }
        if (!table.fwmark(entry, EntryDetails.fwmark(control)) || !table.adopt(entry, control)) {
            table.remove(entry);
            return refuse(Refusal.TABLE_FULL);
        }
        life.bind(entry, server);
        ConnectionEntry.state(entry, TcpState.LISTEN.code());
        begin(entry, seconds, nowNs);
        return entry;
    }

    /** The key's entry; a full table is made room in first, if the defence does so. */
    private long add(RealServer server, int port, int flags, long spared, long nowNs) {
        long entry = tryAdd(server, port, flags);
        return entry == ConnectionTable.NONE && defence.makesRoom(spared, nowNs)
                ? tryAdd(server, port, flags)
                : entry;
    }

    private long tryAdd(RealServer server, int port, int flags) {
        return table.add(
                key, server.isIpv6(), server.addressHigh(), server.addressLow(), port, flags);
    }

    private long add4(
            Packet packet, int realAddress, int port, int flags, long spared, long nowNs) {
        long entry = tryAdd4(packet, realAddress, port, flags);
        return entry == ConnectionTable.NONE && defence.makesRoom(spared, nowNs)
                ? tryAdd4(packet, realAddress, port, flags)
                : entry;
    }

    private long tryAdd4(Packet packet, int realAddress, int port, int flags) {
        return table.add(
                packet.protocol,
                packet.source4(),
                packet.sourcePort,
                packet.destination4(),
                packet.destinationPort,
                realAddress,
                port,
                flags);
    }

    private static void begin(long entry, int timeoutSeconds, long nowNs) {
        ConnectionEntry.syncEndMs(entry, SyncPolicy.initialSyncEnd(nowNs / 1_000_000));
        ConnectionEntry.startTimer(entry, timeoutSeconds, nowNs);
    }

    private static boolean isOnePacket(VirtualService service, Packet packet) {
        return service.options().onePacket() && packet.protocol == IpProtocol.UDP;
    }

    private long refuse(Refusal why) {
        refusal = why;
        return ConnectionTable.NONE;
    }
}
