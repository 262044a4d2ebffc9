package dev.tandem.director.conn;

import static dev.tandem.director.conn.ConnectionTable.NONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Transport;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.MarkRules;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.Surroundings;
import dev.tandem.director.sync.SyncReceiver;
import dev.tandem.director.sync.SyncSender;
import dev.tandem.director.testing.Lan;
import dev.tandem.director.testing.Packets;
import dev.tandem.director.testing.QueueLink;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncPolicy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Connections under persistence templates move from director to director: no sync message says
 * under which template a connection stands.
 */
class SyncedChainsTest {
    private static final int SYNC_ID = 5;
    private static final int PERSISTENCE_SECONDS = 60;
    private static final int CLIENT_PORT = 40_000;
    private static final int PORT = 7000;
    private static final int FWMARK = 9;

    /** A persistent service, and its servers. */
    record Kind(ServiceId id, int netmask, List<String> servers) {
        boolean ipv6() {
            return id.isIpv6();
        }

        boolean marked() {
            return id instanceof ServiceId.MarkService;
        }

        String virtual() {
            return ipv6() ? "fd01::100" : "10.77.1.100";
        }

        String client(int number) {
            return (ipv6() ? "fd01::1:" : "10.77.3.") + number;
        }

        /** The servers' port: the client's own choice where the service leaves it open. */
        int serverPort() {
            return id instanceof ServiceId.AddressService(_, _, int port) && port != 0 ? 8080 : 0;
        }
    }

    static List<Kind> kinds() {
        List<String> servers = List.of("10.77.2.11", "10.77.2.12");
        List<String> servers6 = List.of("fd02::11", "fd02::12");
        return List.of(
                new Kind(Lab.at(Transport.TCP, "10.77.1.100", PORT), -1, servers),
                new Kind(Lab.at(Transport.TCP, "10.77.1.100", 0), 0xFFFFFF00, servers),
                new Kind(Lab.at(Transport.TCP, "fd01::100", PORT), 64, servers6),
                new Kind(new ServiceId.MarkService(FWMARK, false), -1, servers),
                new Kind(new ServiceId.MarkService(FWMARK, true), 128, servers6));
    }

    /** What a director has of tables and sync. */
    private static final class Host implements AutoCloseable {
        final Kind kind;
        final ConnectionTable table = new ConnectionTable(256);
        final LiveSettings settings = new LiveSettings(DirectorSettings.DEFAULT);
        final Services services =
                new Services(new Surroundings(_ -> false, false, Set.of(), settings));
        final SyncSender sender;
        final Connections connections;
        final SyncReceiver receiver;

        Host(Kind kind, QueueLink link) {
            this.kind = kind;
            services.marks(MarkRules.NONE);
            services.add(
                    kind.id,
                    new ServiceOptions("rr", 0, PERSISTENCE_SECONDS, kind.netmask, "", false));
            for (String server : kind.servers) {
                services.add(
                        kind.id,
                        new RealServerConfig(Lab.ip(server), kind.serverPort(), Forwarding.NAT, 1));
            }
            sender =
                    new SyncSender(
                            table,
                            link,
                            () -> new SyncEncoder(SYNC_ID, 1472),
                            SyncPolicy.KERNEL_DEFAULT,
                            5);
            connections = new Connections(table, services, sender, settings, Map.of());
            receiver = new SyncReceiver(connections, link, sender, SYNC_ID, 3, new Lan());
        }

        Packet packet(int client, int clientPort, int flags) {
            Packet packet =
                    Packets.of(
                            Fixture.TCP,
                            Lab.ip(kind.client(client)),
                            clientPort,
                            Lab.ip(kind.virtual()),
                            PORT,
                            flags);
            packet.fwmark = kind.marked() ? FWMARK : 0;
            return packet;
        }

        /** A client's packet, for which an entry is found or made. */
        long client(int client, int clientPort, int flags, long now) {
            Packet packet = packet(client, clientPort, flags);
            long entry = connections.findForClient(packet);
            if (entry == NONE) {
                entry = connections.schedule(services.list().getFirst(), packet, now);
            }
            assertNotEquals(NONE, entry);
            connections.clientPacket(entry, packet, now);
            return entry;
        }

        long establish(int client, int clientPort, long now) {
            long entry = client(client, clientPort, Tcp.SYN, now);
            connections.serverPacket(entry, Packets.of(Tcp.SYN | Tcp.ACK, 60), now);
            return client(client, clientPort, Tcp.ACK, now);
        }

        /** Gives all that it has to the other. */
        void tell(Host other, long now) {
            sender.master(true);
            sender.forgetPeer();
            sender.startFlush();
            while (!sender.flush(100, now)) {
                other.receiver.doWork(16, now);
            }
            sender.doWork(now + 1_000_000_000L);
            other.receiver.doWork(100, now);
            sender.master(false);
        }

        int templates() {
            int templates = 0;
            for (int slot = 0; slot < table.slotCount(); slot++) {
                long entry = table.entryAt(slot);
                templates += entry != NONE && ConnectionEntry.isTemplate(entry) ? 1 : 0;
            }
            return templates;
        }

        void pass(long from, long to) {
            for (long now = from; now < to; now += Fixture.SECOND / 100) {
                while (connections.doWork(now) > 0) {
                    // more is due
                }
            }
        }

        @Override
        public void close() {
            table.close();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void shouldStandUnderTheirTemplateAgainAfterEachFailover(Kind kind) {
        QueueLink one = new QueueLink();
        QueueLink other = new QueueLink();
        QueueLink.join(one, other);
        try (Host a = new Host(kind, one);
                Host b = new Host(kind, other)) {
            long now = Fixture.START;
            long first = a.establish(1, CLIENT_PORT, now);
            int server = ConnectionEntry.serverId(first);
            Host master = a;
            Host backup = b;
            for (int failover = 0; failover < 3; failover++) {
                master.tell(backup, now);
                assertEquals(1, backup.templates());
                long entry =
                        backup.connections.findForClient(backup.packet(1, CLIENT_PORT, Tcp.ACK));
                assertNotEquals(NONE, entry);
                if (failover == 0) {
                    assertEquals(NONE, backup.table.parent(entry), "nothing said so");
                }

                long same = backup.client(1, CLIENT_PORT, Tcp.ACK, now);

                assertEquals(entry, same);
                assertEquals(server, ConnectionEntry.serverId(entry));
                long template = backup.table.parent(entry);
                assertNotEquals(NONE, template);
                assertEquals(1, EntryDetails.children(template));
                assertEquals(server, ConnectionEntry.serverId(template));
                // twice as long as the template lasts by itself: its connection holds it
                long later = now + 2 * PERSISTENCE_SECONDS * Fixture.SECOND;
                backup.pass(now, later);
                assertEquals(1, backup.templates());
                assertEquals(template, backup.table.parent(entry));
                now = later;
                Host old = master;
                master = backup;
                backup = old;
            }
            long second = master.client(1, CLIENT_PORT + 1, Tcp.SYN, now);
            assertEquals(server, ConnectionEntry.serverId(second), "the same client's next");
            assertEquals(2, EntryDetails.children(master.table.parent(second)));
            long stranger = master.client(200, CLIENT_PORT, Tcp.SYN, now);
            boolean sameNetwork = kind.netmask == 0xFFFFFF00 || kind.netmask == 64;
            assertEquals(sameNetwork, master.table.parent(stranger) == master.table.parent(second));
        }
    }
}
