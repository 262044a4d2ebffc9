package dev.tandem.sync.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.List;

/**
 * The kernel's way: set up as its sync daemons set up theirs (net/netfilter/ipvs/ip_vs_sync.c,
 * make_send_sock and make_receive_sock). Thread n of the kernel is stream n here: from a source
 * port of its own to the group's port plus n.
 */
final class MulticastSockets extends LinkSockets {
    private final InetAddress group;

    MulticastSockets(SyncLinkConfig config, LocalInterface local) throws IOException {
        super(config, local);
        group = local.scoped(config.group());
    }

    /** Over IPv4 bound to the interface's first address; over IPv6 the kernel chooses, as there. */
    @Override
    DatagramChannel openSender(int stream) throws IOException {
        return open(channel -> {
            setUpSender(channel);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, local.netif());
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, config.ttl());
            channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
            if (!config.ipv6()) {
                channel.bind(new InetSocketAddress(local.address(), 0));
            }
            channel.connect(destination(stream));
        });
    }

    /** Bound to the group and its port, so that nothing sent to the machine itself gets in. */
    @Override
    DatagramChannel openReceiver(int stream) throws IOException {
        return open(channel -> {
            setUpReceiver(channel);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(destination(stream));
            channel.join(group, local.netif());
        });
    }

    @Override
    List<InetSocketAddress> destinations(int stream) {
        return List.of();
    }

    @Override
    boolean accepts(InetAddress sender) {
        return true;
    }

    /** Over IPv6 they are not bound to an address, and addresses may come and go. */
    @Override
    boolean suits(LocalInterface now) {
        return config.ipv6()
                ? now.netif().getIndex() == local.netif().getIndex()
                : super.suits(now);
    }

    private InetSocketAddress destination(int stream) {
        return new InetSocketAddress(group, config.port() + stream);
    }
}
