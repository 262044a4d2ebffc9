package dev.tandem.tools.ipvsadm;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/** What hosts and ports are called. */
interface Names {
    /** The name of a host; empty when it has none. */
    Optional<String> host(InetAddress address);

    /**
     * The name of a port; empty when it has none.
     *
     * @param protocol tcp, udp or sctp
     */
    Optional<String> service(int port, String protocol);

    /** The address of a host: IPv4 where there is one. */
    Optional<InetAddress> address(String host);

    /** The port of a service. */
    OptionalInt port(String service, String protocol);
}
