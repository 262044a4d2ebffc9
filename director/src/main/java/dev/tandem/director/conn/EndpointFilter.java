package dev.tandem.director.conn;

import dev.tandem.director.packet.Addresses;
import java.net.Inet4Address;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which addresses and ports to list.
 *
 * @param anyAddress whether the address does not matter
 * @param address IPv4 address, 0 when it does not matter
 * @param port 0: any
 */
public record EndpointFilter(boolean anyAddress, int address, int port) {
    /** Every endpoint. */
    public static final EndpointFilter ANY = new EndpointFilter(true, 0, 0);

    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3})?(?::(\\d{1,5}))?");

    /**
     * Reads {@code 10.0.0.1}, {@code 10.0.0.1:80}, {@code :80}, or nothing at all for any.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static EndpointFilter parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw bad(text);
        }
        int port = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        if (port > 0xFFFF) {
            throw bad(text);
        }
        if (matcher.group(1) == null) {
            return new EndpointFilter(true, 0, port);
        }
        try {
            int address = Addresses.toInt(Inet4Address.ofLiteral(matcher.group(1)));
            return new EndpointFilter(false, address, port);
        } catch (IllegalArgumentException e) {
            throw bad(text);
        }
    }

    boolean matches(int entryAddress, int entryPort) {
        return (anyAddress || address == entryAddress) && (port == 0 || port == entryPort);
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is none of ADDRESS, ADDRESS:PORT, :PORT (IPv4)");
    }
}
