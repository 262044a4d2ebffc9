package dev.tandem.tools.api;

import java.util.List;

/**
 * Answer to {@code GET /v1/ipvs}: all that a kernel's IPVS tells about itself over netlink, of one
 * cluster, at one moment.
 *
 * @param tableSize buckets of the connection table, as listings show it
 * @param daemons what sync runs: the master first
 * @param traffic of everything
 * @param services in the kernel's order: those with an address, then those of firewall marks
 * @param apps application helpers
 */
public record Ipvs(
        int tableSize,
        Timeouts timeouts,
        List<SyncDaemon> daemons,
        Traffic traffic,
        List<Service> services,
        List<App> apps) {
    /** Bits of {@link ServiceSettings#flags()}, as the kernel numbers them. */
    public static final int PERSISTENT = 0x01;

    public static final int ONE_PACKET = 0x04;
    public static final int SCHEDULER_1 = 0x08;
    public static final int SCHEDULER_2 = 0x10;
    public static final int SCHEDULER_3 = 0x20;

    /** Bits of {@link Tunnel#flags()}. */
    public static final int TUNNEL_CHECKSUM = 0x01;

    public static final int TUNNEL_REMOTE_CHECKSUM = 0x02;

    /** Seconds; in a command 0 leaves one as it is. */
    public record Timeouts(int tcp, int tcpFin, int udp) {}

    /**
     * A half of the connection sync; in a command what was not said is empty or 0.
     *
     * @param role master or backup
     */
    public record SyncDaemon(
            String role,
            String interfaceName,
            int syncId,
            int maxLength,
            String group,
            int port,
            int ttl) {}

    /** Counted since the start or the last zeroing; rates are a second's. */
    public record Traffic(
            long connections,
            long inPackets,
            long outPackets,
            long inBytes,
            long outBytes,
            long connectionRate,
            long inPacketRate,
            long outPacketRate,
            long inByteRate,
            long outByteRate) {}

    /**
     * What a service is known by.
     *
     * @param protocol TCP, UDP or SCTP; empty for a firewall mark
     * @param address empty for a firewall mark
     * @param mark 0: none
     */
    public record ServiceId(String protocol, String address, int port, long mark, boolean ipv6) {}

    /**
     * What can be set of a service.
     *
     * @param flags see {@link #PERSISTENT} and those after it; others are passed over
     * @param timeout of persistence, in seconds
     * @param netmask of persistence: dotted for IPv4, the prefix length for IPv6
     * @param engine of persistence; empty for none
     */
    public record ServiceSettings(
            String scheduler, int flags, int timeout, String netmask, String engine) {
        public boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** A service. Its servers come in the kernel's order, the newest first. */
    public record Service(
            ServiceId id, ServiceSettings settings, Traffic traffic, List<Server> servers) {}

    /**
     * How packets are wrapped.
     *
     * @param type ipip, gue or gre
     * @param port of gue
     * @param flags see {@link #TUNNEL_CHECKSUM}
     */
    public record Tunnel(String type, int port, int flags) {
        public static final Tunnel IPIP = new Tunnel("ipip", 0, 0);
    }

    /**
     * What can be set of a server; address and port are what it is known by.
     *
     * @param forwarding nat, dr, tunnel or local
     * @param upperThreshold connections at which it gets no more; 0: no limit
     * @param lowerThreshold connections below which it gets more again; 0: three quarters
     * @param tunnel has a meaning with tunnel only
     */
    public record ServerSettings(
            String address,
            int port,
            String forwarding,
            int weight,
            int upperThreshold,
            int lowerThreshold,
            Tunnel tunnel) {}

    /** A server. */
    public record Server(
            ServerSettings settings, int active, int inactive, int persistent, Traffic traffic) {}

    /**
     * An application helper on one port.
     *
     * @param uses connections of the services on that port that it looks into, and their data
     *     connections; a kernel leaves the latter out
     */
    public record App(String protocol, int port, int uses, String name) {}
}
