package dev.tandem.tools.ipvsadm;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * An {@code ADDRESS[:PORT]} behind {@code -t}, {@code -u}, {@code --sctp-service} or {@code -r}:
 * {@code 10.0.0.1}, {@code 10.0.0.1:http}, {@code host:80}, {@code 2001:db8::1}, {@code
 * [2001:db8::1]:80}. An IPv6 address in brackets needs a port, and one without brackets has none.
 *
 * @param address as inet_ntop(3) writes it
 * @param port empty when none was given
 */
record AddressArgument(String address, OptionalInt port) {
    private static final Pattern DIGITS = Pattern.compile("\\d*");

    boolean ipv6() {
        return address.indexOf(':') >= 0;
    }

    /**
     * Reads one; empty: it cannot be read.
     *
     * @param protocol tcp, udp or sctp, for the names of ports; empty when none is known yet
     */
    static Optional<AddressArgument> parse(String text, String protocol, Names names) {
        Optional<byte[]> bare = Inet.pton6(text);
        if (bare.isPresent()) {
            return Optional.of(new AddressArgument(Inet.text(bare.get()), OptionalInt.empty()));
        }
        if (text.startsWith("[")) {
            return bracketed(text, protocol, names);
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        OptionalInt port = OptionalInt.empty();
        if (colon >= 0) {
            port = port(text.substring(colon + 1), protocol, names);
            if (port.isEmpty()) {
                return Optional.empty();
            }
        } else if (DIGITS.matcher(text).matches()) {
            return Optional.empty();
        }
        OptionalInt given = port;
        return host(host, names).map(address -> new AddressArgument(address, given));
    }

    private static Optional<AddressArgument> bracketed(String text, String protocol, Names names) {
        int end = text.indexOf(']');
        if (end < 0 || !text.startsWith(":", end + 1)) {
            return Optional.empty();
        }
        String inside = text.substring(1, end);
        Optional<byte[]> ipv6 = Inet.pton6(inside);
        if (ipv6.isEmpty()) {
            // what ipvsadm makes of [10.0.0.1]:80
            return host(inside, names).map(host -> new AddressArgument(host, OptionalInt.empty()));
        }
        OptionalInt port = port(text.substring(end + 2), protocol, names);
        return port.isEmpty()
                ? Optional.empty()
                : Optional.of(new AddressArgument(Inet.text(ipv6.get()), port));
    }

    /** An IPv4 address in any form of inet_aton(3), or the address of a host with this name. */
    static Optional<String> host(String text, Names names) {
        OptionalInt ipv4 = Inet.aton(text);
        if (ipv4.isPresent()) {
            byte[] bytes = ByteBuffer.allocate(4).putInt(ipv4.getAsInt()).array();
            return Optional.of(Inet.text(bytes));
        }
        return text.isEmpty() || text.indexOf(':') >= 0
                ? Optional.empty()
                : names.address(text).map(address -> Inet.text(address.getAddress()));
    }

    private static OptionalInt port(String text, String protocol, Names names) {
        OptionalInt number = Numbers.read(text, 0, 65535);
        return number.isPresent() ? number : names.port(text, protocol);
    }
}
