package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.Ipvs;
import java.util.Locale;
import java.util.Set;

/** How hosts, ports and services are written: as numbers, or by their names. */
final class Display {
    /** ipvsadm's buffer for an address and a port. */
    private static final int MAX_ENDPOINT = 59;

    private final Names names;
    private final boolean numeric;

    Display(Names names, Set<Option> options) {
        this.names = names;
        numeric = options.contains(Option.NUMERIC);
    }

    /**
     * {@code 10.0.0.1:80} or {@code [2001:db8::1]:http}.
     *
     * @param protocol TCP, UDP or SCTP; ports of anything else are always numbers
     */
    String endpoint(String address, int port, String protocol) {
        String host = numeric ? address : names.host(Inet.address(address)).orElse(address);
        String service =
                numeric
                        ? Integer.toString(port)
                        : names.service(port, protocol.toLowerCase(Locale.ROOT))
                                .orElse(Integer.toString(port));
        String text = address.indexOf(':') < 0 ? host + ":" + service : "[" + host + "]:" + service;
        return Text.cut(text, MAX_ENDPOINT);
    }

    /** The address of a service that has one. */
    String endpoint(Ipvs.ServiceId id) {
        return endpoint(id.address(), id.port(), id.protocol());
    }

    /** A server's, as its service's protocol calls its port. */
    String endpoint(Ipvs.ServiceId service, Ipvs.Server server) {
        return endpoint(server.settings().address(), server.settings().port(), service.protocol());
    }

    /** An endpoint that comes as a number, such as {@code [2001:db8::1]:80}. */
    String endpointOf(String endpoint, String protocol) {
        if (numeric) {
            return endpoint;
        }
        int colon = endpoint.lastIndexOf(':');
        String host = endpoint.substring(0, colon);
        return endpoint(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(endpoint.substring(colon + 1)),
                protocol);
    }
}
