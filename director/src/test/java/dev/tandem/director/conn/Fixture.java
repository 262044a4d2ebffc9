package dev.tandem.director.conn;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.service.RealServer;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.VirtualService;
import java.net.InetAddress;
import java.util.List;

/** Addresses that read as words, and a configuration with one service of each kind. */
public final class Fixture {
    public static final int TCP = Transport.TCP.number();
    public static final int UDP = Transport.UDP.number();

    /** 10.77.1.1. */
    public static final int CLIENT = 0x0A4D0101;

    public static final int CLIENT_PORT = 40000;

    /** 10.77.1.100: port 80 TCP by NAT to 8080, 443 TCP by DR, 53 UDP by NAT to 5353. */
    public static final int VIRTUAL = 0x0A4D0164;

    /** 10.77.2.11. */
    public static final int REAL = 0x0A4D020B;

    public static final long SECOND = 1_000_000_000L;
    public static final long START = 1_000 * SECOND;

    private Fixture() {}

    /** All three services. */
    public static List<VirtualServiceConfig> configuration() {
        return List.of(
                service(Transport.TCP, 80, REAL, 8080, Forwarding.NAT),
                service(Transport.TCP, 443, REAL, 443, Forwarding.DR),
                service(Transport.UDP, 53, REAL, 5353, Forwarding.NAT));
    }

    /** A service on the virtual address with one server. */
    public static VirtualServiceConfig service(
            Transport protocol, int port, int server, int serverPort, Forwarding forwarding) {
        return new VirtualServiceConfig(
                protocol,
                inet(VIRTUAL),
                port,
                "rr",
                List.of(new RealServerConfig(inet(server), serverPort, forwarding, 1)));
    }

    /** A service on the virtual address without servers. */
    public static VirtualServiceConfig emptyService(Transport protocol, int port) {
        return new VirtualServiceConfig(protocol, inet(VIRTUAL), port, "rr", List.of());
    }

    public static Services services() {
        Services services = new Services();
        services.replace(configuration());
        return services;
    }

    public static VirtualService service(Services services, int protocol, int port) {
        VirtualService service = services.find(protocol, VIRTUAL, port);
        assertNotNull(service);
        return service;
    }

    /** The only server of a service. */
    public static RealServer server(Services services, int protocol, int port) {
        return service(services, protocol, port).servers().getFirst();
    }

    private static InetAddress inet(int address) {
        return Addresses.toInetAddress(address);
    }
}
