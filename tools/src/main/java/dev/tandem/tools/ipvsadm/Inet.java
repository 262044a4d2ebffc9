package dev.tandem.tools.ipvsadm;

import dev.tandem.director.packet.Addresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as the C library reads and writes them: inet_aton(3), inet_pton(3) and inet_ntop(3).
 * Java's own classes make IPv4 of mapped addresses and refuse the short forms.
 */
final class Inet {
    private Inet() {}

    /**
     * An IPv4 address of one to four numbers, each decimal, octal or hexadecimal, the last one
     * filling what is left.
     */
    static OptionalInt aton(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > 4) {
            return OptionalInt.empty();
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            long limit = last ? 1L << (8 * (4 - i)) : 256;
            long number = number(parts[i]);
            if (number < 0 || number >= limit) {
                return OptionalInt.empty();
            }
            address |= last ? number : number << (24 - 8 * i);
        }
        return OptionalInt.of((int) address);
    }

    /** As strtoul(3) with base 0; -1: none. */
    private static long number(String text) {
        try {
            boolean hexadecimal = text.startsWith("0x") || text.startsWith("0X");
            boolean octal = text.length() > 1 && text.startsWith("0");
            String digits = hexadecimal ? text.substring(2) : text;
            if (digits.isEmpty()
                    || digits.length() > 12
                    || Character.digit(digits.charAt(0), 16) < 0) {
                return -1;
            }
            return Long.parseLong(digits, hexadecimal ? 16 : octal ? 8 : 10);
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    /** Whether this is an IPv4 address of four decimal numbers. */
    static boolean pton4(String text) {
        return text.matches("((0|[1-9]\\d{0,2})\\.){3}(0|[1-9]\\d{0,2})") && aton(text).isPresent();
    }

    /** An IPv6 address, without a zone. */
    static Optional<byte[]> pton6(String text) {
        int gap = text.indexOf("::");
        List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2), true);
        int count = head == null || tail == null ? -1 : head.size() + tail.size();
        if (head == null || tail == null || (gap < 0 ? count != 8 : count > 7)) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(16);
        head.forEach(group -> bytes.putShort((short) (int) group));
        bytes.position(16 - 2 * tail.size());
        tail.forEach(group -> bytes.putShort((short) (int) group));
        return Optional.of(bytes.array());
    }

    /** Groups of hexadecimal digits, the last two perhaps as a dotted IPv4 address; null: wrong. */
    private static @Nullable List<Integer> groups(String text, boolean mayEndDotted) {
        List<Integer> groups = new ArrayList<>();
        if (text.isEmpty()) {
            return groups;
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (mayEndDotted && i == parts.length - 1 && part.indexOf('.') > 0) {
                if (!pton4(part)) {
                    return null;
                }
                int address = aton(part).getAsInt();
                groups.add(address >>> 16);
                groups.add(address & 0xFFFF);
            } else if (part.matches("[0-9A-Fa-f]{1,4}")) {
                groups.add(Integer.parseInt(part, 16));
            } else {
                return null;
            }
        }
        return groups;
    }

    /** Text of four or sixteen bytes. */
    static String text(byte[] address) {
        ByteBuffer bytes = ByteBuffer.wrap(address);
        return address.length == 4
                ? Addresses.format(bytes.getInt())
                : Addresses.format(bytes.getLong(), bytes.getLong());
    }

    /** Bytes of a text that {@link #text} made. */
    static byte[] bytes(String text) {
        return text.indexOf(':') < 0
                ? ByteBuffer.allocate(4).putInt(aton(text).orElse(0)).array()
                : pton6(text).orElse(new byte[16]);
    }

    /** For the resolver. */
    static InetAddress address(String text) {
        try {
            return InetAddress.getByAddress(bytes(text));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen bytes are always an address", e);
        }
    }
}
