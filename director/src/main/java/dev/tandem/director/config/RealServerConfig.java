package dev.tandem.director.config;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * A real server (destination) of a service.
 *
 * @param port 0 to 65535; 0: the port that the client called
 * @param weight 0 to 2147483647; 0 quiesces: no new connections, old ones go on
 * @param upperThreshold connections at which it takes no new ones, an unsigned number up to
 *     2147483647; 0: no limit
 * @param lowerThreshold connections below which it takes new ones again; 0: three quarters of the
 *     upper one, rounded up
 * @param tunnel holds for {@link Forwarding#TUNNEL} only
 */
public record RealServerConfig(
        InetAddress address,
        int port,
        Forwarding forwarding,
        int weight,
        int upperThreshold,
        int lowerThreshold,
        Tunnel tunnel) {
    /** Without thresholds. */
    public RealServerConfig(InetAddress address, int port, Forwarding forwarding, int weight) {
        this(address, port, forwarding, weight, 0, 0, Tunnel.IPIP);
    }

    public boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    /** Its address and port as people write them. */
    public String name() {
        String host = address.getHostAddress();
        return (isIpv6() ? "[" + host + "]" : host) + ":" + port;
    }
}
