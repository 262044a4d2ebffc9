package dev.tandem.director.forward;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import dev.tandem.director.packet.PartialChecksum;

/**
 * Cuts a packet into fragments (RFC 791 section 3.2, RFC 8200 section 4.5), in frames of their own.
 * Whether a packet may be cut has been decided by others. Worker thread only.
 */
final class Fragmenter {
    private static final int UNIT = 8;
    private static final int OPTION_COPIED = 0x80;
    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;

    private final Egress egress;
    private int identification;

    /** Bytes of an IPv6 packet that every fragment carries. */
    private int unfragmentable;

    /** Where those name what follows. */
    private int named;

    /**
     * @param identification of the first IPv6 packet that is cut; not to be guessed from outside
     */
    Fragmenter(Egress egress, int identification) {
        this.egress = egress;
        this.identification = identification;
    }

    /**
     * Lines the fragments up on the port.
     *
     * @param length of the frame in bytes
     * @param limit bytes of IP that a fragment may have
     * @return false when nothing fits so little
     */
    boolean split(PacketPort port, long frame, int length, int limit) {
        PartialChecksum.complete(frame, length);
        return Memory.getShortBe(frame + Ethernet.TYPE_OFFSET) == Ethernet.TYPE_IPV6
                ? split6(port, frame, length, limit)
                : split4(port, frame, limit);
    }

    private boolean split4(PacketPort port, long frame, int limit) {
        long ip = frame + Ethernet.HEADER_LENGTH;
        int header = Ipv4.headerLength(ip);
        int payload = Memory.getShortBe(ip + Ipv4.TOTAL_LENGTH_OFFSET) - header;
        int room = (limit - header) & -UNIT;
        if (room < UNIT) {
            return false;
        }
        int flags = Memory.getShortBe(ip + Ipv4.FRAGMENT_OFFSET) & Ipv4.DONT_FRAGMENT;
        int headers = Ethernet.HEADER_LENGTH + header;
        for (int done = 0; done < payload; done += room) {
            int size = Math.min(room, payload - done);
            long fragment = egress.claimFragment(headers + size);
            Memory.copy(frame, fragment, headers);
            Memory.copy(ip + header + done, fragment + headers, size);
            long to = fragment + Ethernet.HEADER_LENGTH;
            if (done > 0) {
                keepCopiedOptions(to, header);
            }
            int more = done + size == payload ? 0 : Ipv4.MORE_FRAGMENTS;
            Memory.putShortBe(to + Ipv4.TOTAL_LENGTH_OFFSET, header + size);
            Memory.putShortBe(to + Ipv4.FRAGMENT_OFFSET, flags | more | done / UNIT);
            Memory.putShortBe(to + Ipv4.CHECKSUM_OFFSET, 0);
            Memory.putShortBe(
                    to + Ipv4.CHECKSUM_OFFSET, Checksums.complement(Checksums.sum(to, header)));
            port.enqueue(fragment, headers + size);
        }
        return true;
    }

    /** Options that are not to be copied into later fragments become padding. */
    private static void keepCopiedOptions(long ip, int header) {
        int at = Ipv4.MIN_HEADER_LENGTH;
        while (at < header) {
            int option = Memory.getByte(ip + at);
            if (option == OPTION_END) {
                return;
            }
            int size = option == OPTION_NOP || at + 1 == header ? 1 : Memory.getByte(ip + at + 1);
            size = Math.max(1, Math.min(size, header - at));
            if ((option & OPTION_COPIED) == 0) {
                Memory.fill(ip + at, size, OPTION_NOP);
            }
            at += size;
        }
    }

    private boolean split6(PacketPort port, long frame, int length, int limit) {
        long ip = frame + Ethernet.HEADER_LENGTH;
        int total = length - Ethernet.HEADER_LENGTH;
        findUnfragmentable(ip, total);
        int payload = total - unfragmentable;
        int room = (limit - unfragmentable - Ipv6.FRAGMENT_HEADER_LENGTH) & -UNIT;
        if (room < UNIT) {
            return false;
        }
        identification++;
        int headers = Ethernet.HEADER_LENGTH + unfragmentable;
        int next = Memory.getByte(ip + named);
        for (int done = 0; done < payload; done += room) {
            int size = Math.min(room, payload - done);
            int all = headers + Ipv6.FRAGMENT_HEADER_LENGTH + size;
            long fragment = egress.claimFragment(all);
            Memory.copy(frame, fragment, headers);
            long to = fragment + Ethernet.HEADER_LENGTH;
            Memory.putByte(to + named, Ipv6.FRAGMENT);
            Memory.putShortBe(
                    to + Ipv6.PAYLOAD_LENGTH_OFFSET,
                    all - Ethernet.HEADER_LENGTH - Ipv6.HEADER_LENGTH);
            long header = fragment + headers;
            int more = done + size == payload ? 0 : Ipv6.MORE_FRAGMENTS;
            Memory.putShortBe(header, next << 8);
            Memory.putShortBe(header + Ipv6.FRAGMENT_OFFSET_OFFSET, done | more);
            Memory.putIntBe(header + Ipv6.FRAGMENT_ID_OFFSET, identification);
            Memory.copy(ip + unfragmentable + done, header + Ipv6.FRAGMENT_HEADER_LENGTH, size);
            port.enqueue(fragment, all);
        }
        return true;
    }

    /**
     * Hop-by-hop and routing headers, and destination options in front of the latter. The packet
     * has been walked through before.
     */
    private void findUnfragmentable(long ip, int total) {
        unfragmentable = Ipv6.HEADER_LENGTH;
        named = Ipv6.NEXT_HEADER_OFFSET;
        int at = Ipv6.HEADER_LENGTH;
        int next = Memory.getByte(ip + named);
        while (at + UNIT <= total
                && (next == Ipv6.HOP_BY_HOP
                        || next == Ipv6.ROUTING
                        || next == Ipv6.DESTINATION_OPTIONS)) {
            int size = (Memory.getByte(ip + at + 1) + 1) * UNIT;
            if (next != Ipv6.DESTINATION_OPTIONS) {
                unfragmentable = at + size;
                named = at;
            }
            next = Memory.getByte(ip + at);
            at += size;
        }
    }
}
