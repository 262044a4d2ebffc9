package dev.tandem.director.testing;

/** The Internet checksum as RFC 1071 section 4.1 writes it down, to check the fast one by. */
public final class InternetChecksum {
    private InternetChecksum() {}

    /** The folded sum of the bytes, on top of {@code initial}; not complemented. */
    public static int sum(byte[] bytes, int offset, int length, int initial) {
        int sum = initial;
        for (int i = 0; i < length; i++) {
            int value = bytes[offset + i] & 0xFF;
            sum += i % 2 == 0 ? value << 8 : value;
            while (sum > 0xFFFF) {
                sum = (sum & 0xFFFF) + (sum >> 16);
            }
        }
        return sum;
    }

    /** The folded sum of the pseudo header of an IP packet whose header begins at {@code ip}. */
    public static int pseudoHeader(byte[] bytes, int ip, int protocol, int transportLength) {
        boolean ipv6 = bytes[ip] >>> 4 == 6;
        int sum = ipv6 ? sum(bytes, ip + 8, 32, 0) : sum(bytes, ip + 12, 8, 0);
        byte[] rest = {
            0, (byte) protocol, (byte) (transportLength >> 8), (byte) transportLength,
        };
        return sum(rest, 0, 4, sum);
    }
}
