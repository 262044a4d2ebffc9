package dev.tandem.tools.daemon;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.ServiceId.MarkService;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.Transport;
import dev.tandem.director.control.DirectorStatus;
import dev.tandem.director.control.DirectorStatus.ServerStatus;
import dev.tandem.director.control.DirectorStatus.ServiceStatus;
import dev.tandem.director.packet.Addresses;
import dev.tandem.tools.api.Ipvs;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Locale;

/** A director's services in the words of the kernel's netlink family. */
final class IpvsViews {
    /** Bit of a service's flags that the kernel always shows: it can be found. */
    private static final int HASHED = 0x02;

    /** Buckets of a kernel's table, unless it is told otherwise; ours has no fixed number. */
    private static final int TABLE_SIZE = 4096;

    private IpvsViews() {}

    /** All of it. */
    static Ipvs ipvs(Cluster cluster) {
        DirectorStatus status = cluster.director().status();
        DirectorSettings settings = cluster.director().settings().now();
        return new Ipvs(
                TABLE_SIZE,
                new Ipvs.Timeouts(
                        settings.get(Setting.TIMEOUT_ESTABLISHED),
                        settings.get(Setting.TIMEOUT_FINWAIT),
                        settings.get(Setting.TIMEOUT_UDP)),
                new SyncCommands(cluster).list(),
                traffic(status.total()),
                status.services().stream().map(IpvsViews::service).toList(),
                cluster.config().director().ftpPorts().stream()
                        .map(port -> new Ipvs.App("TCP", port, helped(status, port), "ftp"))
                        .toList());
    }

    /** How many connections the FTP helper looks into on a port. */
    private static int helped(DirectorStatus status, int ftpPort) {
        return status.services().stream()
                .filter(service ->
                        service.id() instanceof AddressService(var protocol, _, int port)
                                && protocol == Transport.TCP
                                && port == ftpPort)
                .flatMap(service -> service.servers().stream())
                .filter(server -> server.config().forwarding() == Forwarding.NAT)
                .mapToInt(server -> server.active() + server.inactive())
                .sum();
    }

    /** A service and its settings, without what was counted. */
    static Ipvs.ServiceId id(ServiceId id) {
        return switch (id) {
            case AddressService(var protocol, var address, int port) ->
                    new Ipvs.ServiceId(protocol.name(), text(address), port, 0, id.isIpv6());
            case MarkService(int mark, boolean ipv6) ->
                    new Ipvs.ServiceId("", "", 0, Integer.toUnsignedLong(mark), ipv6);
        };
    }

    static Ipvs.ServiceSettings settings(ServiceId id, ServiceOptions options) {
        int flags = HASHED | options.schedulerFlags();
        if (options.isPersistent()) {
            flags |= Ipvs.PERSISTENT;
        }
        if (options.onePacket()) {
            flags |= Ipvs.ONE_PACKET;
        }
        return new Ipvs.ServiceSettings(
                options.scheduler(),
                flags,
                options.persistenceSeconds(),
                id.isIpv6()
                        ? Integer.toString(options.netmask())
                        : Addresses.format(options.netmask()),
                options.engine());
    }

    static Ipvs.ServerSettings server(RealServerConfig config) {
        return new Ipvs.ServerSettings(
                text(config.address()),
                config.port(),
                config.forwarding().name().toLowerCase(Locale.ROOT),
                config.weight(),
                config.upperThreshold(),
                config.lowerThreshold(),
                new Ipvs.Tunnel(
                        config.tunnel().type().name().toLowerCase(Locale.ROOT),
                        config.tunnel().port(),
                        config.tunnel().checksum().code()));
    }

    private static Ipvs.Service service(ServiceStatus service) {
        return new Ipvs.Service(
                id(service.id()),
                settings(service.id(), service.options()),
                traffic(service.traffic()),
                service.servers().stream().map(IpvsViews::server).toList());
    }

    private static Ipvs.Server server(ServerStatus server) {
        return new Ipvs.Server(
                server(server.config()),
                server.active(),
                server.inactive(),
                server.persistent(),
                traffic(server.traffic()));
    }

    private static Ipvs.Traffic traffic(DirectorStatus.Traffic traffic) {
        DirectorStatus.Rates rates = traffic.rates();
        return new Ipvs.Traffic(
                traffic.connections(),
                traffic.inPackets(),
                traffic.outPackets(),
                traffic.inBytes(),
                traffic.outBytes(),
                rates.connections(),
                rates.inPackets(),
                rates.outPackets(),
                rates.inBytes(),
                rates.outBytes());
    }

    /** As inet_ntop(3) writes it. */
    static String text(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == 4
                ? Addresses.format(bytes.getInt())
                : Addresses.format(bytes.getLong(), bytes.getLong());
    }
}
