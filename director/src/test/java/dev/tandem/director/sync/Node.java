package dev.tandem.director.sync;

import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.conn.Fixture;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.Services;
import dev.tandem.director.testing.Lan;
import dev.tandem.director.testing.Packets;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.transport.SyncLink;

/** The table side of a director with both sync roles on one link. */
final class Node implements AutoCloseable {
    static final int SYNC_ID = 5;
    static final int FLUSH_MS = 20;

    final Services services = Fixture.services();
    final ConnectionTable table;
    final SyncSender sender;
    final Connections connections;
    final SyncReceiver receiver;

    Node(int limit, SyncLink link, SyncPolicy policy) {
        table = new ConnectionTable(limit);
        sender =
                new SyncSender(table, link, () -> new SyncEncoder(SYNC_ID, 1472), policy, FLUSH_MS);
        connections = new Connections(table, services, sender);
        receiver =
                new SyncReceiver(connections, link, sender, SYNC_ID, policy.threshold(), new Lan());
    }

    long schedule(int protocol, int port, int clientPort) {
        return connections.schedule(
                Fixture.service(services, protocol, port),
                Packets.ipv4(
                        Fixture.service(services, protocol, port).protocol().number(),
                        Fixture.CLIENT,
                        clientPort,
                        Fixture.VIRTUAL,
                        port,
                        0),
                Fixture.START);
    }

    /** An established connection that saw this many packets from its client. */
    long establish(int port, int clientPort, int packets) {
        long entry = schedule(Fixture.TCP, port, clientPort);
        connections.clientPacket(entry, Packets.of(Tcp.SYN, 60), Fixture.START);
        for (int i = 1; i < packets; i++) {
            connections.clientPacket(entry, Packets.of(Tcp.ACK, 52), Fixture.START);
        }
        return entry;
    }

    long find(int protocol, int port, int clientPort) {
        return table.findIn(protocol, Fixture.CLIENT, clientPort, Fixture.VIRTUAL, port);
    }

    @Override
    public void close() {
        table.close();
    }
}
