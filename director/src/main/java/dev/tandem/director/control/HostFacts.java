package dev.tandem.director.control;

import dev.tandem.director.route.Link;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;

/**
 * What {@link Preflight} needs to know of the host.
 *
 * @param effectiveCapabilities bit set, as in CapEff of /proc/thread-self/status
 * @param packetSocketFault empty when packet sockets have all that a port needs, else what is
 *     missing
 * @param guardFault empty when a host guard can work or is not needed, else what is missing
 * @param gatewayFault empty when the gateway to be watched is a neighbour, or none is; else why not
 * @param forwarding names whose sysctl net.ipv4.conf.NAME.forwarding, or that of IPv6, is 1
 * @param links the interfaces by name
 * @param addresses every address of the host and the name of the interface it is on
 */
record HostFacts(
        long effectiveCapabilities,
        String packetSocketFault,
        String guardFault,
        String gatewayFault,
        Set<String> forwarding,
        Map<String, Link> links,
        Map<InetAddress, String> addresses) {}
