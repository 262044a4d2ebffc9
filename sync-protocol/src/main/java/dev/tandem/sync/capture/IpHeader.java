package dev.tandem.sync.capture;

import java.nio.ByteBuffer;

/**
 * Reads the header of an IPv4 packet (RFC 791) or the headers of an IPv6 packet (RFC 8200) up to
 * what they carry. Leaves its findings in its fields until the next packet.
 */
final class IpHeader {
    private static final int V4_LENGTH = 20;
    private static final int V4_TOTAL_LENGTH_OFFSET = 2;
    private static final int V4_ID_OFFSET = 4;
    private static final int V4_FRAGMENT_OFFSET = 6;
    private static final int V4_TTL_OFFSET = 8;
    private static final int V4_PROTOCOL_OFFSET = 9;
    private static final int V4_CHECKSUM_OFFSET = 10;
    private static final int V4_SOURCE_OFFSET = 12;
    private static final int V4_DESTINATION_OFFSET = 16;
    private static final int V4_MORE_FRAGMENTS = 0x2000;
    private static final int V4_FRAGMENT_MASK = 0x1FFF;

    private static final int V6_LENGTH = 40;
    private static final int V6_PAYLOAD_LENGTH_OFFSET = 4;
    private static final int V6_NEXT_HEADER_OFFSET = 6;
    private static final int V6_HOP_LIMIT_OFFSET = 7;
    private static final int V6_SOURCE_OFFSET = 8;
    private static final int V6_DESTINATION_OFFSET = 24;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int UNIT = 8;

    /** What is carried: an IP protocol number; in an IPv6 fragment that of the next header. */
    int protocol;

    /** Where what is carried begins, and where it ends on the wire, be it captured or not. */
    int payload;

    int end;

    int fragmentId;
    int fragmentOffset;
    boolean moreFragments;

    /**
     * Reads the packet at {@code at} and fills in the addresses.
     *
     * @param cut whether the capture lacks the frame's end
     * @return {@link FrameVerdict#DATAGRAM} when something whole is carried, {@link
     *     FrameVerdict#FRAGMENT} when it is a fragment captured whole, or what is wrong
     */
    FrameVerdict read(ByteBuffer frame, int at, boolean cut, CapturedDatagram into) {
        int available = frame.limit() - at;
        if (available < 1) {
            return cut ? FrameVerdict.CUT : FrameVerdict.NOT_IP;
        }
        int version = frame.get(at) >> 4 & 0xF;
        FrameVerdict verdict =
                switch (version) {
                    case 4 -> readV4(frame, at, cut, into);
                    case 6 -> readV6(frame, at, cut, into);
                    default -> FrameVerdict.NOT_IP;
                };
        return verdict == FrameVerdict.FRAGMENT && end > frame.limit() ? FrameVerdict.CUT : verdict;
    }

    private FrameVerdict readV4(ByteBuffer frame, int at, boolean cut, CapturedDatagram into) {
        int available = frame.limit() - at;
        int headerLength = (frame.get(at) & 0xF) * Integer.BYTES;
        if (headerLength < V4_LENGTH) {
            return FrameVerdict.BAD_IP;
        }
        if (available < headerLength) {
            return cut ? FrameVerdict.CUT : FrameVerdict.BAD_IP;
        }
        into.sourceLow = Integer.toUnsignedLong(frame.getInt(at + V4_SOURCE_OFFSET));
        into.destinationLow = Integer.toUnsignedLong(frame.getInt(at + V4_DESTINATION_OFFSET));
        into.ttl = Byte.toUnsignedInt(frame.get(at + V4_TTL_OFFSET));
        int total = Short.toUnsignedInt(frame.getShort(at + V4_TOTAL_LENGTH_OFFSET));
        // 0: a packet that the network card was to cut up, or one it has put together
        int length = total == 0 ? available : total;
        if (length < headerLength || (length > available && !cut)) {
            return FrameVerdict.BAD_IP;
        }
        int checksum = Short.toUnsignedInt(frame.getShort(at + V4_CHECKSUM_OFFSET));
        // 0: left to the network card
        if (checksum != 0
                && UdpChecksum.fold(UdpChecksum.sum(frame, at, at + headerLength)) != 0xFFFF) {
            return FrameVerdict.BAD_IP;
        }
        protocol = Byte.toUnsignedInt(frame.get(at + V4_PROTOCOL_OFFSET));
        payload = at + headerLength;
        end = at + length;
        int fragment = Short.toUnsignedInt(frame.getShort(at + V4_FRAGMENT_OFFSET));
        fragmentId = Short.toUnsignedInt(frame.getShort(at + V4_ID_OFFSET));
        fragmentOffset = (fragment & V4_FRAGMENT_MASK) * UNIT;
        moreFragments = (fragment & V4_MORE_FRAGMENTS) != 0;
        return moreFragments || fragmentOffset != 0 ? FrameVerdict.FRAGMENT : FrameVerdict.DATAGRAM;
    }

    private FrameVerdict readV6(ByteBuffer frame, int at, boolean cut, CapturedDatagram into) {
        int available = frame.limit() - at;
        if (available < V6_LENGTH) {
            return cut ? FrameVerdict.CUT : FrameVerdict.BAD_IP;
        }
        into.ipv6 = true;
        into.sourceHigh = frame.getLong(at + V6_SOURCE_OFFSET);
        into.sourceLow = frame.getLong(at + V6_SOURCE_OFFSET + Long.BYTES);
        into.destinationHigh = frame.getLong(at + V6_DESTINATION_OFFSET);
        into.destinationLow = frame.getLong(at + V6_DESTINATION_OFFSET + Long.BYTES);
        into.ttl = Byte.toUnsignedInt(frame.get(at + V6_HOP_LIMIT_OFFSET));
        int stated = Short.toUnsignedInt(frame.getShort(at + V6_PAYLOAD_LENGTH_OFFSET));
        int length = stated == 0 ? available - V6_LENGTH : stated;
        if (length > available - V6_LENGTH && !cut) {
            return FrameVerdict.BAD_IP;
        }
        int next = Byte.toUnsignedInt(frame.get(at + V6_NEXT_HEADER_OFFSET));
        return readExtensions(frame, at + V6_LENGTH, at + V6_LENGTH + length, next);
    }

    /** Walks IPv6 extension headers from {@code at}, the first of which is of kind {@code next}. */
    FrameVerdict readExtensions(ByteBuffer packet, int at, int packetEnd, int next) {
        end = packetEnd;
        payload = at;
        protocol = next;
        int known = Math.min(packetEnd, packet.limit());
        while (isExtension(protocol)) {
            if (known - payload < UNIT) {
                return packetEnd > packet.limit() ? FrameVerdict.CUT : FrameVerdict.BAD_IP;
            }
            int kind = protocol;
            protocol = Byte.toUnsignedInt(packet.get(payload));
            if (kind == FRAGMENT) {
                int fragment = Short.toUnsignedInt(packet.getShort(payload + Short.BYTES));
                fragmentId = packet.getInt(payload + Integer.BYTES);
                fragmentOffset = fragment & ~(UNIT - 1);
                moreFragments = (fragment & 1) != 0;
                payload += UNIT;
                if (moreFragments || fragmentOffset != 0) {
                    return FrameVerdict.FRAGMENT;
                }
                continue;
            }
            int length = Byte.toUnsignedInt(packet.get(payload + 1));
            payload += kind == AUTHENTICATION ? (length + 2) * Integer.BYTES : (length + 1) * UNIT;
            if (payload > packetEnd) {
                return FrameVerdict.BAD_IP;
            }
        }
        return FrameVerdict.DATAGRAM;
    }

    private static boolean isExtension(int header) {
        return switch (header) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }
}
