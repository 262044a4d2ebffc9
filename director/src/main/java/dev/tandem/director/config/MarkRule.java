package dev.tandem.director.config;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Gives a firewall mark to packets from clients; the first rule that matches decides. The host's
 * own marks do not reach packet sockets, so the director marks by rules of its own.
 *
 * @param fwmark an unsigned 32-bit number, not 0
 * @param protocol empty: TCP, UDP and SCTP
 * @param source empty: from anywhere
 * @param destination where packets must go; its family is the rule's
 * @param firstPort lowest destination port, 0 to 65535
 * @param lastPort highest destination port
 * @param interfaceName empty: arriving on any interface
 */
public record MarkRule(
        int fwmark,
        Optional<Transport> protocol,
        Optional<Prefix> source,
        Prefix destination,
        int firstPort,
        int lastPort,
        Optional<String> interfaceName) {

    /** A block of addresses: those that share the first {@code length} bits with the address. */
    public record Prefix(InetAddress address, int length) {
        @Override
        public String toString() {
            return address.getHostAddress() + "/" + length;
        }
    }
}
