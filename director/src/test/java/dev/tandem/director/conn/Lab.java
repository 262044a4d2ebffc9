package dev.tandem.director.conn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.Transport;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.Surroundings;
import dev.tandem.director.service.VirtualService;
import dev.tandem.director.testing.Packets;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A table with services made one by one, a clock that a test moves, and packets in words. */
final class Lab implements AutoCloseable {
    static final long SECOND = Fixture.SECOND;

    final ConnectionTable table;
    final Services services;
    final LiveSettings settings = new LiveSettings(DirectorSettings.DEFAULT);
    final List<Long> told = new ArrayList<>();
    final Connections connections;
    long now = Fixture.START;

    Lab(int limit) {
        this(limit, Map.of());
    }

    Lab(int limit, Map<String, PersistenceEngine> engines) {
        table = new ConnectionTable(limit);
        services = new Services(new Surroundings(_ -> false, false, engines.keySet(), settings));
        connections =
                new Connections(
                        table,
                        services,
                        new ReplicationHook() {
                            @Override
                            public void clientPacket(long entry, long nowNs) {}

                            @Override
                            public void serverPacket(long entry, long nowNs) {}

                            @Override
                            public void kept(long entry, long nowNs) {
                                told.add(entry);
                            }
                        },
                        settings,
                        engines);
    }

    void set(Setting setting, int value) {
        settings.replace(settings.now().with(setting, value));
    }

    static InetAddress ip(String address) {
        return InetAddress.ofLiteral(address);
    }

    static ServiceId at(Transport transport, String address, int port) {
        return new ServiceId.AddressService(transport, ip(address), port);
    }

    /** rr, persistent for so many seconds if above 0. */
    static ServiceOptions options(int persistenceSeconds, int netmask) {
        return new ServiceOptions("rr", 0, persistenceSeconds, netmask, "", false);
    }

    ServiceId add(ServiceId id, ServiceOptions options, RealServerConfig... servers) {
        services.add(id, options);
        for (RealServerConfig server : servers) {
            services.add(id, server);
        }
        return id;
    }

    static RealServerConfig server(String address, int port, Forwarding forwarding) {
        return new RealServerConfig(ip(address), port, forwarding, 1);
    }

    RealServer server(String address) {
        for (VirtualService service : services.list()) {
            for (RealServer server : service.servers()) {
                if (server.config().address().equals(ip(address))) {
                    return server;
                }
            }
        }
        throw new AssertionError("no server " + address);
    }

    /** A client's packet: an entry is found or scheduled, and it goes through. */
    long client(Packet packet) {
        long entry = connections.findForClient(packet);
        if (entry == ConnectionTable.NONE) {
            entry = schedule(packet);
        }
        if (entry != ConnectionTable.NONE) {
            connections.clientPacket(entry, packet, now);
        }
        return entry;
    }

    long schedule(Packet packet) {
        if (!connections.startsConnection(packet)) {
            return ConnectionTable.NONE;
        }
        VirtualService service = services.find(packet);
        assertNotNull(service, "no service");
        return connections.schedule(service, packet, now);
    }

    /** Time passes in turns of 10 ms. */
    void pass(long seconds) {
        long end = now + seconds * SECOND;
        for (; now < end; now += SECOND / 100) {
            while (connections.doWork(now) > 0) {
                // more is due
            }
        }
    }

    void assertCounts(String server, int active, int inactive, int templates) {
        RealServer it = server(server);
        assertEquals(active, it.activeConnections(), "active of " + server);
        assertEquals(inactive, it.inactiveConnections(), "inactive of " + server);
        assertEquals(templates, it.persistentConnections(), "templates of " + server);
    }

    /** As listings have it, without flags and counters. */
    static String text(long entry) {
        ConnectionView view = ConnectionView.of(entry, 0);
        return view.protocol()
                + " "
                + view.client()
                + " "
                + view.virtual()
                + " "
                + view.real()
                + (view.template() ? " template" : "");
    }

    /** The table's entries, as {@link #text} has them, sorted. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int slot = 0; slot < table.slotCount(); slot++) {
            long entry = table.entryAt(slot);
            if (entry != ConnectionTable.NONE) {
                texts.add(text(entry));
            }
        }
        texts.sort(null);
        return texts;
    }

    static Packet packet(
            Transport transport,
            String client,
            int clientPort,
            String virtual,
            int port,
            int tcpFlags) {
        return Packets.of(transport.number(), ip(client), clientPort, ip(virtual), port, tcpFlags);
    }

    @Override
    public void close() {
        table.close();
    }
}
