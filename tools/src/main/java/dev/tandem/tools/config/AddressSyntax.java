package dev.tandem.tools.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads addresses as they are written, without ever asking a name server. */
public final class AddressSyntax {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 =
            Pattern.compile(OCTET + "\\." + OCTET + "\\." + OCTET + "\\." + OCTET);

    /** All that an IPv6 address may hold: no zone, no brackets, no mapped IPv4 address. */
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]{2,39}");

    private AddressSyntax() {}

    /**
     * An IPv4 address of four decimal numbers; the short and octal forms of inet_aton(3) are not
     * accepted, as they mean different things to different programs.
     */
    public static Optional<InetAddress> ipv4(String text) {
        Matcher matcher = IPV4.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        byte[] octets = new byte[4];
        for (int i = 0; i < 4; i++) {
            octets[i] = (byte) Integer.parseInt(matcher.group(i + 1));
        }
        return Optional.of(of(octets));
    }

    /**
     * An IPv4 address as {@link #ipv4} takes it, or an IPv6 address without a zone: the interface
     * is always said beside it.
     */
    public static Optional<InetAddress> either(String text) {
        if (text.indexOf(':') < 0) {
            return ipv4(text);
        }
        byte[] bytes =
                IPV6.matcher(text).matches()
                        ? NetUtil.createByteArrayFromIpAddressString(text)
                        : null;
        return bytes == null || bytes.length != 16 ? Optional.empty() : Optional.of(of(bytes));
    }

    private static InetAddress of(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen bytes are always an address", e);
        }
    }
}
