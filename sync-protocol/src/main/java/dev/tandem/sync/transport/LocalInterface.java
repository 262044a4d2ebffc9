package dev.tandem.sync.transport;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The link's interface as it was at some moment. One that was deleted and made again has another
 * index, and sockets that knew the old one are deaf: they must be made anew, as after a change of
 * the address that they are bound to.
 *
 * @param netif for socket options
 * @param address the first address of the link's family; over IPv6 a global one if there is one, or
 *     a link-local one when the first peer's is
 * @param mtu bytes of the largest packet that goes out in one piece
 */
record LocalInterface(NetworkInterface netif, InetAddress address, int mtu) {
    /**
     * Looks it up.
     *
     * @throws IOException why it cannot carry a link
     */
    static LocalInterface find(SyncLinkConfig config) throws IOException {
        String name = config.interfaceName();
        boolean ipv6 = config.ipv6();
        NetworkInterface found = NetworkInterface.getByName(name);
        if (found == null) {
            // the JDK does not know interfaces without any address
            if (!Files.exists(Path.of("/sys/class/net", name))) {
                throw new IOException("no such interface");
            }
            throw new IOException(noAddress(ipv6));
        }
        InetAddress address = ipv6 ? ipv6Address(found, linkLocal(config)) : ipv4Address(found);
        return new LocalInterface(found, address, found.getMTU());
    }

    private static boolean linkLocal(SyncLinkConfig config) {
        return !config.peers().isEmpty()
                && config.peers().getFirst().getAddress().isLinkLocalAddress();
    }

    /** The same address bound to this interface, which link-local IPv6 asks for. */
    InetAddress scoped(InetAddress other) throws UnknownHostException {
        return other instanceof Inet6Address six && (six.isLinkLocalAddress() || isLinkScope(six))
                ? Inet6Address.getByAddress(null, six.getAddress(), netif.getIndex())
                : other;
    }

    private static boolean isLinkScope(Inet6Address address) {
        return address.isMCLinkLocal() || address.isMCNodeLocal();
    }

    /** The JDK lists an interface's addresses backwards: the kernel's first one comes last. */
    private static InetAddress ipv4Address(NetworkInterface netif) throws IOException {
        return netif.inetAddresses()
                .filter(Inet4Address.class::isInstance)
                .reduce((_, later) -> later)
                .orElseThrow(() -> new IOException(noAddress(false)));
    }

    private static InetAddress ipv6Address(NetworkInterface netif, boolean linkLocal)
            throws IOException {
        List<InetAddress> all =
                netif.inetAddresses().filter(Inet6Address.class::isInstance).toList();
        if (all.isEmpty()) {
            throw new IOException(noAddress(true));
        }
        return all.stream()
                .filter(address -> address.isLinkLocalAddress() == linkLocal)
                .reduce((_, later) -> later)
                .orElse(all.getLast());
    }

    private static String noAddress(boolean ipv6) {
        return "the interface has no " + (ipv6 ? "IPv6" : "IPv4") + " address";
    }
}
