package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.Ipvs;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the options say about a real server. */
final class ServerArguments {
    private static final int MAX_PORT = 65535;

    private final Names names;
    private @Nullable AddressArgument argument;
    private int port;
    private String forwarding = "dr";
    private int weight = 1;
    private int upperThreshold;
    private int lowerThreshold;
    private String tunnelType = "ipip";
    private int tunnelPort;

    ServerArguments(Names names) {
        this.names = names;
    }

    /** Says which one; without a port it has the service's, as far as that is known. */
    void name(String value, String protocol, int servicePort) throws Failure {
        AddressArgument read =
                AddressArgument.parse(value, protocol, names)
                        .orElseThrow(() ->
                                Failure.usage("illegal real server address[:port] specified"));
        argument = read;
        port = read.port().orElse(servicePort);
    }

    void forwarding(String method) {
        forwarding = method;
    }

    /** A weight or a threshold. */
    void number(Option option, String value) throws Failure {
        String name =
                switch (option) {
                    case WEIGHT -> "weight";
                    case UPPER_THRESHOLD -> "u_threshold";
                    default -> "l_threshold";
                };
        int number =
                Numbers.read(value, 0, Integer.MAX_VALUE)
                        .orElseThrow(() -> Failure.usage("illegal %s specified".formatted(name)));
        switch (option) {
            case WEIGHT -> weight = number;
            case UPPER_THRESHOLD -> upperThreshold = number;
            default -> lowerThreshold = number;
        }
    }

    void tunnelType(String value) throws Failure {
        if (!value.equals("ipip") && !value.equals("gue") && !value.equals("gre")) {
            throw Failure.usage("illegal tunnel type specified");
        }
        tunnelType = value;
    }

    void tunnelPort(String value) throws Failure {
        tunnelPort =
                Numbers.read(value, 1, MAX_PORT)
                        .orElseThrow(() -> Failure.usage("illegal tunnel port specified"));
    }

    /**
     * The server.
     *
     * @param whole whether it is added or edited; otherwise only its address and port count
     */
    Ipvs.ServerSettings settings(boolean whole, Ipvs.ServiceId service, Set<Option> options)
            throws Failure {
        AddressArgument named = argument;
        if (named == null) {
            throw new IllegalStateException("the command needs a server");
        }
        int flags = 0;
        int realPort = port;
        if (whole) {
            boolean tunnel = forwarding.equals("tunnel");
            if (named.ipv6() != service.ipv6() && !tunnel) {
                throw Failure.usage(
                        "Different address family is allowed only for tunneling servers");
            }
            flags = tunnelFlags(tunnel, options);
            if (service.mark() == 0 && !forwarding.equals("nat")) {
                realPort = service.port();
            }
        }
        return new Ipvs.ServerSettings(
                named.address(),
                realPort,
                forwarding,
                weight,
                upperThreshold,
                lowerThreshold,
                new Ipvs.Tunnel(tunnelType, tunnelPort, flags));
    }

    private int tunnelFlags(boolean tunnel, Set<Option> options) throws Failure {
        TunnelOptions.check(tunnel, tunnelType, options);
        return options.contains(Option.TUNNEL_CHECKSUM)
                ? Ipvs.TUNNEL_CHECKSUM
                : options.contains(Option.TUNNEL_REMOTE_CHECKSUM) ? Ipvs.TUNNEL_REMOTE_CHECKSUM : 0;
    }
}
