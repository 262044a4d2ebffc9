package dev.tandem.director.packet;

import dev.tandem.director.io.Memory;
import org.jspecify.annotations.Nullable;

/**
 * Walks a chain of IPv6 extension headers, within bounds, up to what they carry. AH counts as one
 * of them, as for the kernel's IPVS: what it protects is looked at. One instance serves all packets
 * of a thread.
 */
public final class Ipv6Headers {
    /** More than any honest packet has; each costs time. */
    private static final int LIMIT = 16;

    private static final int MIN_LENGTH = 8;
    private static final int SEGMENTS_LEFT_OFFSET = 3;

    /** Protocol behind the headers; of a later fragment, the one that its fragment header names. */
    public int protocol;

    /** Bytes from the IP header to what they carry. */
    public int length;

    /** Bytes from the IP header to the fragment header of a fragment; 0: it is none. */
    public int fragmentHeader;

    /** Bytes from the IP header to the byte that names the fragment header. */
    public int fragmentNextHeader;

    /** Offset and flags of a fragment, as they stand. */
    public int fragmentWord;

    /**
     * Reads the headers of a packet; stops behind the fragment header of a fragment that is not the
     * first. An atomic fragment (RFC 6946) is none.
     *
     * @param available bytes that may be read from {@code ip} on, at least 40
     * @return what is wrong, or null
     */
    public @Nullable Flaw walk(long ip, int available) {
        fragmentHeader = 0;
        fragmentWord = 0;
        int named = Ipv6.NEXT_HEADER_OFFSET;
        length = Ipv6.HEADER_LENGTH;
        for (int i = 0; i < LIMIT; i++) {
            protocol = Memory.getByte(ip + named);
            if (!isExtension(protocol)) {
                return null;
            }
            if (available < length + MIN_LENGTH) {
                return Flaw.BAD_IP_HEADER;
            }
            long header = ip + length;
            int size = size(protocol, Memory.getByte(header + 1));
            if (available < length + size
                    || (protocol == Ipv6.HOP_BY_HOP && length != Ipv6.HEADER_LENGTH)) {
                return Flaw.BAD_IP_HEADER;
            }
            if (protocol == Ipv6.ROUTING && Memory.getByte(header + SEGMENTS_LEFT_OFFSET) != 0) {
                return Flaw.SOURCE_ROUTED;
            }
            if (protocol == Ipv6.FRAGMENT) {
                int word = Memory.getShortBe(header + Ipv6.FRAGMENT_OFFSET_OFFSET);
                if ((word & (Ipv6.FRAGMENT_OFFSET_MASK | Ipv6.MORE_FRAGMENTS)) != 0) {
                    if (fragmentHeader != 0) {
                        return Flaw.BAD_IP_HEADER;
                    }
                    fragmentHeader = length;
                    fragmentNextHeader = named;
                    fragmentWord = word;
                }
            }
            named = length;
            length += size;
            if ((fragmentWord & Ipv6.FRAGMENT_OFFSET_MASK) != 0) {
                protocol = Memory.getByte(ip + named);
                return null;
            }
        }
        return Flaw.BAD_IP_HEADER;
    }

    private static boolean isExtension(int number) {
        return switch (number) {
            case Ipv6.HOP_BY_HOP,
                    Ipv6.ROUTING,
                    Ipv6.FRAGMENT,
                    Ipv6.AUTHENTICATION,
                    Ipv6.DESTINATION_OPTIONS ->
                    true;
            default -> false;
        };
    }

    private static int size(int number, int lengthField) {
        return switch (number) {
            case Ipv6.FRAGMENT -> Ipv6.FRAGMENT_HEADER_LENGTH;
            case Ipv6.AUTHENTICATION -> (lengthField + 2) * 4;
            default -> (lengthField + 1) * 8;
        };
    }
}
