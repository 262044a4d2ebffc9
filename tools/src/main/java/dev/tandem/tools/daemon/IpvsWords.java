package dev.tandem.tools.daemon;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.service.ServiceError;
import dev.tandem.director.service.ServiceException;
import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.config.AddressSyntax;
import java.net.InetAddress;
import java.util.Locale;

/**
 * The API's words for services and servers as the director's records. What cannot be one is refused
 * with the errno that a kernel gives, by {@link ServiceException}.
 */
final class IpvsWords {
    private static final int MAX_PORT = 65535;
    private static final int SCHEDULER_FLAGS =
            ServiceOptions.FLAG_1 | ServiceOptions.FLAG_2 | ServiceOptions.FLAG_3;

    private IpvsWords() {}

    static ServiceId id(Ipvs.ServiceId id) {
        if (id.mark() != 0) {
            return new ServiceId.MarkService((int) id.mark(), id.ipv6());
        }
        return new ServiceId.AddressService(
                word(Transport.class, id.protocol()), address(id.address()), port(id.port()));
    }

    static ServiceOptions options(Ipvs.ServiceId id, Ipvs.ServiceSettings settings) {
        boolean persistent = settings.has(Ipvs.PERSISTENT);
        return new ServiceOptions(
                settings.scheduler(),
                settings.flags() & SCHEDULER_FLAGS,
                persistent ? settings.timeout() : 0,
                netmask(id.ipv6(), settings.netmask()),
                settings.engine(),
                settings.has(Ipvs.ONE_PACKET));
    }

    static RealServerConfig server(Ipvs.ServerSettings server) {
        return new RealServerConfig(
                address(server.address()),
                port(server.port()),
                word(Forwarding.class, server.forwarding()),
                server.weight(),
                server.upperThreshold(),
                server.lowerThreshold(),
                tunnel(server.tunnel()));
    }

    static InetAddress address(String text) {
        return AddressSyntax.either(text)
                .orElseThrow(() -> invalid("'" + text + "' is not an address"));
    }

    static int port(int port) {
        if (port < 0 || port > MAX_PORT) {
            throw invalid(port + " is not a port");
        }
        return port;
    }

    private static int netmask(boolean ipv6, String text) {
        if (!ipv6) {
            return Addresses.toInt(address(text));
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw invalid("'" + text + "' is not the length of a prefix");
        }
    }

    private static Tunnel tunnel(Ipvs.Tunnel tunnel) {
        for (Tunnel.Checksum checksum : Tunnel.Checksum.values()) {
            if (checksum.code() == tunnel.flags()) {
                return new Tunnel(
                        word(Tunnel.Type.class, tunnel.type()), port(tunnel.port()), checksum);
            }
        }
        throw invalid(tunnel.flags() + " are not flags of a tunnel");
    }

    private static <E extends Enum<E>> E word(Class<E> type, String text) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text.toUpperCase(Locale.ROOT))) {
                return constant;
            }
        }
        throw invalid("unknown word '" + text + "'");
    }

    private static ServiceException invalid(String why) {
        return new ServiceException(ServiceError.EINVAL, why);
    }
}
