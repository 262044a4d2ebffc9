package dev.tandem.director.conn;

import dev.tandem.director.packet.Addresses;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which addresses and ports to list.
 *
 * @param family what addresses match
 * @param high bytes 0 to 7 of an IPv6 address, otherwise 0
 * @param low bytes 8 to 15 of an IPv6 address, or an IPv4 address's number
 * @param port 0: any
 */
public record EndpointFilter(Family family, long high, long low, int port) {
    /** Of which family the wanted address is. */
    public enum Family {
        /** The address does not matter. */
        ANY,
        IPV4,
        IPV6
    }

    /** Every endpoint. */
    public static final EndpointFilter ANY = new EndpointFilter(Family.ANY, 0, 0, 0);

    /** IPv4 and port, or IPv6 in brackets and port. */
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+])?(?::(\\d{1,5}))?");

    /** IPv6 without brackets leaves no place for a port. */
    private static final Pattern BARE =
            Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    /**
     * Reads {@code 10.0.0.1}, {@code 10.0.0.1:80}, {@code [2001:db8::1]}, {@code [2001:db8::1]:80},
     * {@code 2001:db8::1}, {@code :80}, or nothing at all for any.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static EndpointFilter parse(String text) {
        if (BARE.matcher(text).matches()) {
            return of(text, text, 0);
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw bad(text);
        }
        int port = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        if (port > 0xFFFF) {
            throw bad(text);
        }
        String address = matcher.group(1);
        return address == null
                ? new EndpointFilter(Family.ANY, 0, 0, port)
                : of(text, address.replaceAll("[\\[\\]]", ""), port);
    }

    private static EndpointFilter of(String text, String address, int port) {
        try {
            if (!address.contains(":")) {
                int number = Addresses.toInt(Inet4Address.ofLiteral(address));
                return new EndpointFilter(Family.IPV4, 0, Integer.toUnsignedLong(number), port);
            }
            InetAddress literal = Inet6Address.ofLiteral(address);
            ByteBuffer bytes = ByteBuffer.wrap(literal.getAddress());
            return bytes.remaining() == Integer.BYTES
                    // what is mapped to IPv4 stands in entries as IPv6
                    ? new EndpointFilter(
                            Family.IPV6,
                            0,
                            0xFFFF_0000_0000L | Integer.toUnsignedLong(bytes.getInt()),
                            port)
                    : new EndpointFilter(Family.IPV6, bytes.getLong(), bytes.getLong(), port);
        } catch (IllegalArgumentException e) {
            throw bad(text);
        }
    }

    boolean matches(int entryAddress, int entryPort) {
        return (family == Family.ANY || (family == Family.IPV4 && (int) low == entryAddress))
                && (port == 0 || port == entryPort);
    }

    boolean matches(long entryHigh, long entryLow, int entryPort) {
        return (family == Family.ANY
                        || (family == Family.IPV6 && high == entryHigh && low == entryLow))
                && (port == 0 || port == entryPort);
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is none of ADDRESS, ADDRESS:PORT, [IPV6]:PORT, :PORT");
    }
}
