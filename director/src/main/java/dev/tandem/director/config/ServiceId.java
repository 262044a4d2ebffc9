package dev.tandem.director.config;

import java.net.Inet6Address;
import java.net.InetAddress;

/** What makes a virtual service the one that it is; everything else about it can be edited. */
public sealed interface ServiceId {
    /** The family of its clients. */
    boolean isIpv6();

    /**
     * A service by protocol, address and port.
     *
     * @param port 0 to 65535; 0: every port that has no service of its own
     */
    record AddressService(Transport protocol, InetAddress address, int port) implements ServiceId {
        @Override
        public boolean isIpv6() {
            return address instanceof Inet6Address;
        }

        @Override
        public String toString() {
            String host = address.getHostAddress();
            return protocol + " " + (isIpv6() ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * A service by firewall mark: it takes whatever carries the mark, see {@link MarkRule}.
     *
     * @param fwmark an unsigned 32-bit number, not 0
     */
    record MarkService(int fwmark, boolean ipv6) implements ServiceId {
        @Override
        public boolean isIpv6() {
            return ipv6;
        }

        @Override
        public String toString() {
            return "mark " + Integer.toUnsignedString(fwmark) + (ipv6 ? " IPv6" : "");
        }
    }
}
