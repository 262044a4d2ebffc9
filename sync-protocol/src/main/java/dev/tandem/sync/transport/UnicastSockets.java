package dev.tandem.sync.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * For networks without multicast: each message goes to every peer, and nobody but they is heard.
 * The senders are not connected: a peer that is down would make its successor's messages fail.
 */
final class UnicastSockets extends LinkSockets {
    private final Set<InetAddress> peers = new HashSet<>();
    private final List<List<InetSocketAddress>> destinations = new ArrayList<>();

    UnicastSockets(SyncLinkConfig config, LocalInterface local) throws IOException {
        super(config, local);
        for (int stream = 0; stream < config.ports(); stream++) {
            List<InetSocketAddress> all = new ArrayList<>();
            for (InetSocketAddress peer : config.peers()) {
                InetAddress address = local.scoped(peer.getAddress());
                peers.add(address);
                all.add(new InetSocketAddress(address, peer.getPort() + stream));
            }
            destinations.add(List.copyOf(all));
        }
    }

    @Override
    DatagramChannel openSender(int stream) throws IOException {
        return open(channel -> {
            setUpSender(channel);
            channel.bind(new InetSocketAddress(source(), 0));
        });
    }

    @Override
    DatagramChannel openReceiver(int stream) throws IOException {
        return open(channel -> {
            setUpReceiver(channel);
            channel.bind(new InetSocketAddress(source(), config.port() + stream));
        });
    }

    @Override
    List<InetSocketAddress> destinations(int stream) {
        return destinations.get(stream);
    }

    @Override
    boolean accepts(InetAddress sender) {
        return peers.contains(sender);
    }

    private InetAddress source() {
        return local.address();
    }
}
