package dev.tandem.director.service;

import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.ServiceId.MarkService;
import dev.tandem.director.config.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the service of a packet in the kernel's order (ip_vs_ctl.c, ip_vs_service_find): by mark,
 * by protocol, address and port, for FTP's other connections by port 21, by port 0. Built once and
 * never changed; what no service asks for costs nothing.
 */
final class ServiceIndex {
    private static final int FTP_PORT = 21;
    private static final int FTP_DATA_PORT = 20;

    /** ip_unprivileged_port_start: what a server of passive FTP may listen on. */
    private static final int UNPRIVILEGED_PORTS = 1024;

    private static final long BY_MARK = 1L << 33;
    private static final long IPV6 = 1L << 32;

    private final EndpointTable<VirtualService> table;
    private final boolean hasFtp;
    private final boolean hasPortZero;

    ServiceIndex(List<VirtualService> list) {
        table = new EndpointTable<>(list.size());
        boolean ftp = false;
        boolean portZero = false;
        for (VirtualService service : list) {
            ServiceId id = service.id();
            switch (id) {
                case MarkService(int fwmark, boolean ipv6) ->
                        table.put(markKind(ipv6), 0, Integer.toUnsignedLong(fwmark), service);
                case AddressService(Transport protocol, _, int port) -> {
                    table.put(
                            kind(id.isIpv6(), protocol.number(), port),
                            service.addressHigh(),
                            service.addressLow(),
                            service);
                    ftp |= protocol == Transport.TCP && port == FTP_PORT;
                    portZero |= port == 0;
                }
            }
        }
        hasFtp = ftp;
        hasPortZero = portZero;
    }

    /**
     * The service of a packet, or null. Allocates nothing.
     *
     * @param fwmark 0 for none
     */
    @Nullable VirtualService find(
            boolean ipv6, int fwmark, int protocol, long high, long low, int port) {
        VirtualService found = null;
        if (fwmark != 0) {
            found = table.get(markKind(ipv6), 0, Integer.toUnsignedLong(fwmark));
        }
        if (found == null) {
            found = table.get(kind(ipv6, protocol, port), high, low);
        }
        return found == null && (hasFtp || hasPortZero)
                ? findByOtherPort(ipv6, protocol, high, low, port)
                : found;
    }

    private @Nullable VirtualService findByOtherPort(
            boolean ipv6, int protocol, long high, long low, int port) {
        VirtualService found = null;
        if (hasFtp
                && protocol == Transport.TCP.number()
                && (port == FTP_DATA_PORT || port >= UNPRIVILEGED_PORTS)) {
            found = table.get(kind(ipv6, protocol, FTP_PORT), high, low);
        }
        return found == null && hasPortZero ? table.get(kind(ipv6, protocol, 0), high, low) : found;
    }

    private static long kind(boolean ipv6, int protocol, int port) {
        return (ipv6 ? IPV6 : 0) | (long) protocol << 16 | port;
    }

    private static long markKind(boolean ipv6) {
        return BY_MARK | (ipv6 ? IPV6 : 0);
    }
}
