package dev.tandem.director.app;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads lines of FTP's control connection: PORT and 227 (RFC 959), EPRT and 229 (RFC 2428). A line
 * ends before its line feed. Belongs to one thread; what was found stays until the next call.
 */
final class FtpText {
    /** What was asked for is not in the line. */
    static final int NONE = 0;

    /** It is there. */
    static final int FOUND = 1;

    /** It may be, when more of the line has come. */
    static final int UNFINISHED = 2;

    private static final int MAX_PORT = 65_535;
    private static final int LONGEST_ADDRESS = 45;
    private static final int NUMBERS = 6;

    private byte[] text = {};
    private int at;
    private int end;

    /** Where what was found begins and ends in the text; a reply's part to be rewritten. */
    int start;

    int stop;

    boolean hasAddress;
    boolean ipv6;
    long high;
    long low;
    int port;

    /** Whether the line, without its line ending, ends with this command of capital letters. */
    static boolean endsWith(byte[] text, int from, int to, String command) {
        int end = withoutReturn(text, from, to);
        int start = end - command.length();
        return start >= from && is(text, start, end, command) == FOUND;
    }

    /** As much of the line as there is, compared with the beginning of a word in capitals. */
    static int is(byte[] text, int from, int to, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (from + i >= to) {
                return UNFINISHED;
            }
            int c = text[from + i];
            int capital = c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
            if (capital != word.charAt(i)) {
                return NONE;
            }
        }
        return FOUND;
    }

    private static int withoutReturn(byte[] text, int from, int to) {
        return to > from && text[to - 1] == '\r' ? to - 1 : to;
    }

    /** PORT or EPRT at the beginning of a whole line. */
    boolean command(byte[] newText, int from, int to) {
        begin(newText, from, withoutReturn(newText, from, to));
        if (is(text, from, end, "PORT ") == FOUND) {
            at = from + 5;
            return numbers(true) == FOUND && at == end;
        }
        if (is(text, from, end, "EPRT ") == FOUND) {
            at = from + 5;
            return delimited() == FOUND && hasAddress;
        }
        return false;
    }

    /**
     * The address and port of a 227, with or without parentheses.
     *
     * @param whole whether this is the whole line
     */
    int passive(byte[] newText, int from, int to, boolean whole) {
        begin(newText, from, to);
        int found = is(text, from, to, "227 ");
        at = from + 4;
        while (found == FOUND) {
            while (at < end && !isDigit(text[at])) {
                at++;
            }
            if (at >= end) {
                found = UNFINISHED;
                break;
            }
            start = at;
            found = numbers(whole);
            if (found != NONE) {
                stop = at;
                break;
            }
            // behind these digits
            at = start;
            while (at < end && isDigit(text[at])) {
                at++;
            }
            found = FOUND;
        }
        return found == UNFINISHED && whole ? NONE : found;
    }

    /** The port of a 229, in parentheses; address and family if they are given. */
    int extendedPassive(byte[] newText, int from, int to, boolean whole) {
        begin(newText, from, to);
        int found = is(text, from, to, "229 ");
        if (found == FOUND) {
            at = from + 4;
            while (at < end && text[at] != '(') {
                at++;
            }
            start = ++at;
            found = delimited();
            stop = at;
        }
        return found == UNFINISHED && whole ? NONE : found;
    }

    private void begin(byte[] newText, int from, int to) {
        text = newText;
        at = from;
        end = to;
        hasAddress = false;
        high = 0;
        low = 0;
        port = 0;
    }

    /** Six numbers of a byte each. */
    private int numbers(boolean whole) {
        long value = 0;
        for (int i = 0; i < NUMBERS; i++) {
            int number = number(255);
            if (number < 0) {
                return at >= end ? UNFINISHED : NONE;
            }
            value = value << 8 | number;
            if (i == NUMBERS - 1) {
                break;
            }
            if (at >= end) {
                return UNFINISHED;
            }
            if (text[at++] != ',') {
                return NONE;
            }
        }
        if (at >= end && !whole) {
            return UNFINISHED;
        }
        hasAddress = true;
        ipv6 = false;
        low = value >>> 16;
        port = (int) value & 0xFFFF;
        return FOUND;
    }

    /** Delimiter, family, delimiter, address, delimiter, port, delimiter. */
    private int delimited() {
        if (at >= end) {
            return UNFINISHED;
        }
        int delimiter = text[at++];
        if (delimiter < 33 || delimiter > 126) {
            return NONE;
        }
        int familyAt = at;
        int family = field(delimiter);
        int addressAt = at;
        int address = family == FOUND ? field(delimiter) : family;
        if (address != FOUND) {
            return address;
        }
        int addressEnd = at - 1;
        port = number(MAX_PORT);
        if (at >= end) {
            return UNFINISHED;
        }
        if (port < 0 || text[at++] != delimiter) {
            return NONE;
        }
        boolean given = addressEnd > addressAt;
        boolean familyGiven = addressAt - 1 > familyAt;
        if (given || familyGiven) {
            if (addressAt - familyAt != 2) {
                return NONE;
            }
            ipv6 = text[familyAt] == '2';
            if (!ipv6 && text[familyAt] != '1') {
                return NONE;
            }
        }
        return !given || address(addressAt, addressEnd) ? FOUND : NONE;
    }

    /** Goes behind the next delimiter. */
    private int field(int delimiter) {
        int from = at;
        while (at < end && text[at] != delimiter) {
            if (at - from > LONGEST_ADDRESS) {
                return NONE;
            }
            at++;
        }
        return at++ >= end ? UNFINISHED : FOUND;
    }

    /** The number at this place, or -1 when there is none or it is greater than this. */
    private int number(int greatest) {
        int from = at;
        int number = 0;
        while (at < end && isDigit(text[at])) {
            number = number * 10 + text[at++] - '0';
            if (number > greatest) {
                return -1;
            }
        }
        return at == from ? -1 : number;
    }

    private boolean address(int from, int to) {
        String literal = new String(text, from, to - from, StandardCharsets.US_ASCII);
        try {
            InetAddress address = InetAddress.ofLiteral(literal);
            boolean four = address instanceof Inet4Address;
            boolean short4 = four && literal.chars().filter(c -> c == '.').count() != 3;
            if (short4 || four == ipv6 || literal.indexOf('%') >= 0) {
                return false;
            }
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            high = four ? 0 : bytes.getLong();
            low = four ? Integer.toUnsignedLong(bytes.getInt()) : bytes.getLong();
            hasAddress = true;
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
