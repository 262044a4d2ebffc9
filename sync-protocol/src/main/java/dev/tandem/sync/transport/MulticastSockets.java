package dev.tandem.sync.transport;

import dev.tandem.sync.SyncEncoder;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens the two sockets of a {@link MulticastLink}, set up as the kernel's sync daemons set up
 * theirs (net/netfilter/ipvs/ip_vs_sync.c, make_send_sock and make_receive_sock).
 */
final class MulticastSockets {
    /** A transfer of a whole table comes as a burst; the kernel grants what rmem_max allows. */
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

    private static final String NO_ADDRESS = "the interface has no IPv4 address";
    private static final int IP_AND_UDP_HEADER_LENGTH = 28;
    private static final int ETHERNET_MTU = 1500;
    private static final int MAX_UDP_LENGTH = 65_535 - IP_AND_UDP_HEADER_LENGTH;

    private final NetworkInterface netif;
    private final Inet4Address address;
    private final InetSocketAddress group;
    private final SyncLinkConfig config;

    /** Checks the configuration against the machine. */
    MulticastSockets(SyncLinkConfig config) throws IOException {
        this.config = config;
        if (!(config.group() instanceof Inet4Address) || !config.group().isMulticastAddress()) {
            throw new IOException(
                    config.group().getHostAddress() + " is not an IPv4 multicast group");
        }
        if (config.port() < 1 || config.port() > 65_535) {
            throw new IOException("port " + config.port() + " is not in 1..65535");
        }
        if (config.ttl() < 1 || config.ttl() > 255) {
            throw new IOException("TTL " + config.ttl() + " is not in 1..255");
        }
        if (config.maxLength() < SyncEncoder.MIN_LENGTH || config.maxLength() > MAX_UDP_LENGTH) {
            throw new IOException(
                    "message length %d is not in %d..%d"
                            .formatted(config.maxLength(), SyncEncoder.MIN_LENGTH, MAX_UDP_LENGTH));
        }
        NetworkInterface found = NetworkInterface.getByName(config.interfaceName());
        if (found == null) {
            // the JDK does not know interfaces without any address
            boolean exists = Files.exists(Path.of("/sys/class/net", config.interfaceName()));
            throw new IOException(exists ? NO_ADDRESS : "no such interface");
        }
        netif = found;
        address = firstIpv4Address(netif);
        group = new InetSocketAddress(config.group(), config.port());
    }

    /**
     * Bytes of the longest message to receive: what fits the interface's MTU, or an Ethernet frame
     * if that is more, as the kernel's backup; never less than we send ourselves.
     */
    int receiveLength() throws IOException {
        int mtu = Math.clamp(netif.getMTU(), ETHERNET_MTU, 65_535);
        return Math.max(mtu - IP_AND_UDP_HEADER_LENGTH, config.maxLength());
    }

    /** Bound to the interface's first address and a port of the kernel's choice. */
    DatagramChannel openSender() throws IOException {
        return open(channel -> {
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, netif);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, config.ttl());
            channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
            channel.bind(new InetSocketAddress(address, 0));
            channel.connect(group);
        });
    }

    /** Bound to the group and its port, so that nothing sent to the machine itself gets in. */
    DatagramChannel openReceiver() throws IOException {
        return open(channel -> {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            channel.bind(group);
            channel.join(config.group(), netif);
        });
    }

    private interface SetUp {
        void apply(DatagramChannel channel) throws IOException;
    }

    private static DatagramChannel open(SetUp setUp) throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            channel.configureBlocking(false);
            setUp.apply(channel);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The JDK lists an interface's addresses backwards: the kernel's first one comes last. */
    private static Inet4Address firstIpv4Address(NetworkInterface netif) throws IOException {
        return netif.inetAddresses()
                .filter(Inet4Address.class::isInstance)
                .map(Inet4Address.class::cast)
                .reduce((_, later) -> later)
                .orElseThrow(() -> new IOException(NO_ADDRESS));
    }
}
