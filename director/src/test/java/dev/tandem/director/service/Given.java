package dev.tandem.director.service;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceId.AddressService;
import dev.tandem.director.config.ServiceId.MarkService;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Transport;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Packet;
import java.net.InetAddress;
import java.util.Set;

/** Words for services and packets in tests. */
final class Given {
    static final InetAddress OWN = address("10.77.1.1");

    private Given() {}

    /** {@code tcp 10.77.1.100 80} or {@code mark 7} or {@code mark6 7}. */
    static ServiceId id(String text) {
        String[] words = text.strip().split(" +", -1);
        return switch (words[0]) {
            case "mark" -> new MarkService(Integer.parseUnsignedInt(words[1]), false);
            case "mark6" -> new MarkService(Integer.parseUnsignedInt(words[1]), true);
            default ->
                    new AddressService(
                            Transport.valueOf(words[0].toUpperCase(java.util.Locale.ROOT)),
                            address(words[1]),
                            Integer.parseInt(words[2]));
        };
    }

    static ServiceOptions options(String service, String scheduler) {
        return ServiceOptions.of(scheduler, id(service).isIpv6());
    }

    static RealServerConfig server(String address, int port) {
        return new RealServerConfig(address(address), port, Forwarding.NAT, 1);
    }

    static Surroundings surroundings(boolean replicated) {
        return new Surroundings(
                OWN::equals, replicated, Set.of("sip"), new LiveSettings(DirectorSettings.DEFAULT));
    }

    static Packet packet(int protocol, String source, String destination, int port) {
        Packet packet = new Packet();
        packet.protocol = protocol;
        packet.ipv6 = destination.contains(":");
        packet.sourceHigh = Addresses.high(address(source));
        packet.sourceLow = Addresses.low(address(source));
        packet.sourcePort = 40_000;
        packet.destinationHigh = Addresses.high(address(destination));
        packet.destinationLow = Addresses.low(address(destination));
        packet.destinationPort = port;
        return packet;
    }

    static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
