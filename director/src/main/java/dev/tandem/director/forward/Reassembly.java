package dev.tandem.director.forward;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.ReservedMemory;
import dev.tandem.director.io.VnetHeader;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import org.jspecify.annotations.Nullable;

/**
 * Puts packets together from their fragments (RFC 791, RFC 8200 section 4.5), for only the first
 * has ports. At most {@link #PLACES} packets at a time; when one more begins, the one that has
 * waited longest for its next fragment gives way, so that a flood of fragments costs others' late
 * ones and nothing else. After 30 s (IPv6: 60 s, as the kernel) a packet is given up.
 *
 * <p>Fragments that overlap are not believed, and with them the whole packet (RFC 5722, for IPv4
 * too); one that came twice with the same content is passed over. A place:
 *
 * <pre>
 *   0         1 KiB                1 KiB + 512                          + 64 KiB
 *   +---------+--------------------+--------------------------------------+
 *   | bitmap  | headroom, headers  | payload: byte 0 of it is always here |
 *   +---------+--------------------+--------------------------------------+
 * </pre>
 *
 * Worker thread only.
 */
final class Reassembly implements AutoCloseable {
    static final int PLACES = 128;
    static final long PATIENCE_NS = 30_000_000_000L;
    static final long PATIENCE_6_NS = 60_000_000_000L;

    private static final int UNIT = 8;
    private static final int MAX_LENGTH = 0xFFFF;
    private static final int BITMAP_BYTES = (MAX_LENGTH + 1) / UNIT / Byte.SIZE;
    private static final int PAYLOAD_OFFSET = BITMAP_BYTES + 512;
    private static final int MAX_HEADERS = 256;
    private static final int STRIDE = PAYLOAD_OFFSET + MAX_LENGTH + 1;
    private static final int ECN_MASK = 3;
    private static final int UNKNOWN = -1;

    private final PathCounters counters;

    /** Reserved when the first fragment comes; most directors never see one. */
    private @Nullable ReservedMemory memory;

    private long base;

    // of each place
    private final boolean[] taken = new boolean[PLACES];
    private final boolean[] ipv6 = new boolean[PLACES];
    private final int[] identifications = new int[PLACES];
    private final int[] protocols = new int[PLACES];
    private final long[] sourceHighs = new long[PLACES];
    private final long[] sourceLows = new long[PLACES];
    private final long[] destinationHighs = new long[PLACES];
    private final long[] destinationLows = new long[PLACES];
    private final long[] touchedNs = new long[PLACES];
    private final long[] startedNs = new long[PLACES];
    private final boolean[] spoilt = new boolean[PLACES];
    private final boolean[] congested = new boolean[PLACES];

    /** Bytes of payload that are there. */
    private final int[] received = new int[PLACES];

    /** Bytes of payload in all, or UNKNOWN. */
    private final int[] wanted = new int[PLACES];

    /** Bytes of IP header in front of the payload, or UNKNOWN while the first is missing. */
    private final int[] headers = new int[PLACES];

    private final int[] largest = new int[PLACES];
    private long frame;
    private int length;
    private int place;

    // of the fragment in hand
    private int offset;
    private int size;
    private boolean more;
    private int identification;

    Reassembly(PathCounters counters) {
        this.counters = counters;
    }

    /**
     * Takes a fragment in.
     *
     * @param packet a frame that {@link Frame#parse} found to be a fragment
     * @return what is wrong with it, or null
     */
    @Nullable DropReason add(Frame packet, long nowNs) {
        frame = 0;
        read(packet);
        boolean impossible =
                size <= 0
                        || (more && size % UNIT != 0)
                        || offset + size + headerBytes(packet) > MAX_LENGTH
                        || headerBytes(packet) > MAX_HEADERS;
        if (impossible || VnetHeader.needsChecksum(packet.frame)) {
            return DropReason.BAD_FRAGMENT;
        }
        if (memory == null) {
            memory = new ReservedMemory((long) STRIDE * PLACES);
            base = memory.address();
        }
        place = find(packet, nowNs);
        touchedNs[place] = nowNs;
        if (spoilt[place] || !take(packet)) {
            spoilt[place] = true;
            return DropReason.BAD_FRAGMENT;
        }
        counters.fragments++;
        if (headers[place] != UNKNOWN && received[place] == wanted[place]) {
            complete();
        }
        return null;
    }

    /** The frame that the last fragment completed, or 0; good until {@link #release}. */
    long frame() {
        return frame;
    }

    int length() {
        return length;
    }

    /** Bytes of the largest fragment, IP header included. */
    int largestFragment() {
        return largest[place];
    }

    /** The completed frame has left. */
    void release() {
        taken[place] = false;
    }

    private void read(Frame packet) {
        if (packet.ipv6) {
            int header = packet.extensions.fragmentHeader;
            offset = packet.extensions.fragmentWord & Ipv6.FRAGMENT_OFFSET_MASK;
            more = (packet.extensions.fragmentWord & Ipv6.MORE_FRAGMENTS) != 0;
            size = packet.totalLength - header - Ipv6.FRAGMENT_HEADER_LENGTH;
            identification = Memory.getIntBe(packet.ip + header + Ipv6.FRAGMENT_ID_OFFSET);
        } else {
            int word = Memory.getShortBe(packet.ip + Ipv4.FRAGMENT_OFFSET);
            offset = (word & Ipv4.FRAGMENT_OFFSET_MASK) * UNIT;
            more = (word & Ipv4.MORE_FRAGMENTS) != 0;
            size = packet.totalLength - packet.headerLength;
            identification = Memory.getShortBe(packet.ip + Ipv4.IDENTIFICATION_OFFSET);
        }
    }

    /** Bytes of the fragment's headers that the whole packet has too. */
    private static int headerBytes(Frame packet) {
        return packet.ipv6 ? packet.extensions.fragmentHeader : packet.headerLength;
    }

    /** The fragment's protocol tells IPv4 packets apart, but not IPv6 packets (RFC 8200). */
    private static int protocol(Frame packet) {
        return packet.ipv6 ? 0 : packet.protocol;
    }

    private int find(Frame packet, long nowNs) {
        int chosen = 0;
        for (int i = 0; i < PLACES; i++) {
            if (taken[i] && nowNs - startedNs[i] >= (ipv6[i] ? PATIENCE_6_NS : PATIENCE_NS)) {
                taken[i] = false;
                counters.drop(DropReason.FRAGMENT_EXPIRED);
            }
            if (taken[i] && isOf(i, packet)) {
                return i;
            }
            if (isBetter(i, chosen)) {
                chosen = i;
            }
        }
        if (taken[chosen]) {
            counters.drop(DropReason.FRAGMENT_EVICTED);
        }
        start(chosen, packet, nowNs);
        return chosen;
    }

    private boolean isOf(int i, Frame packet) {
        return identifications[i] == identification
                && sourceLows[i] == packet.sourceLow
                && destinationLows[i] == packet.destinationLow
                && sourceHighs[i] == packet.sourceHigh
                && destinationHighs[i] == packet.destinationHigh
                && ipv6[i] == packet.ipv6
                && protocols[i] == protocol(packet);
    }

    /** Whether place {@code i} is rather to be given to a new packet. */
    private boolean isBetter(int i, int chosen) {
        if (!taken[chosen]) {
            return false;
        }
        return !taken[i] || touchedNs[i] - touchedNs[chosen] < 0;
    }

    private void start(int i, Frame packet, long nowNs) {
        taken[i] = true;
        ipv6[i] = packet.ipv6;
        identifications[i] = identification;
        protocols[i] = protocol(packet);
        sourceHighs[i] = packet.sourceHigh;
        sourceLows[i] = packet.sourceLow;
        destinationHighs[i] = packet.destinationHigh;
        destinationLows[i] = packet.destinationLow;
        startedNs[i] = nowNs;
        spoilt[i] = false;
        congested[i] = false;
        received[i] = 0;
        wanted[i] = UNKNOWN;
        headers[i] = UNKNOWN;
        largest[i] = 0;
        Memory.fill(base(i), BITMAP_BYTES, 0);
    }

    private boolean take(Frame packet) {
        int end = offset + size;
        if (wanted[place] != UNKNOWN && (more ? end > wanted[place] : end != wanted[place])) {
            return false;
        }
        long source = packet.frame + packet.length - size;
        long target = base(place) + PAYLOAD_OFFSET + offset;
        int units = (size + UNIT - 1) / UNIT;
        int known = known(offset / UNIT, units);
        if (known != 0) {
            return known == units && isSame(source, target, size);
        }
        if (!more) {
            if (hasBeyond(end)) {
                return false;
            }
            wanted[place] = end;
        }
        Memory.copy(source, target, size);
        mark(offset / UNIT, units);
        received[place] += size;
        largest[place] = Math.max(largest[place], packet.totalLength);
        congested[place] |= (packet.trafficClass() & ECN_MASK) == ECN_MASK;
        if (offset == 0) {
            takeHeaders(packet);
        }
        return true;
    }

    private void takeHeaders(Frame packet) {
        int bytes = headerBytes(packet);
        headers[place] = bytes;
        long ip = base(place) + PAYLOAD_OFFSET - bytes;
        Memory.copy(packet.ip, ip, bytes);
        Memory.copy(packet.frame, ip - Ethernet.HEADER_LENGTH, Ethernet.HEADER_LENGTH);
        if (packet.ipv6) {
            int next = Memory.getByte(packet.ip + packet.extensions.fragmentHeader);
            Memory.putByte(ip + packet.extensions.fragmentNextHeader, next);
        }
    }

    private void complete() {
        int total = headers[place] + wanted[place];
        if (total > MAX_LENGTH) {
            spoilt[place] = true;
            return;
        }
        long ip = base(place) + PAYLOAD_OFFSET - headers[place];
        if (ipv6[place]) {
            Memory.putShortBe(ip + Ipv6.PAYLOAD_LENGTH_OFFSET, total - Ipv6.HEADER_LENGTH);
            if (congested[place] && (Ipv6.trafficClass(ip) & ECN_MASK) != 0) {
                Memory.putByte(ip + 1, Memory.getByte(ip + 1) | ECN_MASK << 4);
            }
        } else {
            int flags = Memory.getShortBe(ip + Ipv4.FRAGMENT_OFFSET) & Ipv4.DONT_FRAGMENT;
            int service = Memory.getByte(ip + Ipv4.TYPE_OF_SERVICE_OFFSET);
            if (congested[place] && (service & ECN_MASK) != 0) {
                Memory.putByte(ip + Ipv4.TYPE_OF_SERVICE_OFFSET, service | ECN_MASK);
            }
            Memory.putShortBe(ip + Ipv4.TOTAL_LENGTH_OFFSET, total);
            Memory.putShortBe(ip + Ipv4.FRAGMENT_OFFSET, flags);
            Memory.putShortBe(ip + Ipv4.CHECKSUM_OFFSET, 0);
            Memory.putShortBe(
                    ip + Ipv4.CHECKSUM_OFFSET,
                    Checksums.complement(Checksums.sum(ip, headers[place])));
        }
        frame = ip - Ethernet.HEADER_LENGTH;
        length = Ethernet.HEADER_LENGTH + total;
        VnetHeader.clear(frame);
        counters.reassembled++;
    }

    /** How many of the units are there already. */
    private int known(int first, int units) {
        int known = 0;
        for (int i = first; i < first + units; i++) {
            known += Memory.getByte(base(place) + i / Byte.SIZE) >>> i % Byte.SIZE & 1;
        }
        return known;
    }

    private void mark(int first, int units) {
        for (int i = first; i < first + units; i++) {
            long at = base(place) + i / Byte.SIZE;
            Memory.putByte(at, Memory.getByte(at) | 1 << i % Byte.SIZE);
        }
    }

    /** Whether anything lies behind what is to be the end. */
    private boolean hasBeyond(int end) {
        int first = (end + UNIT - 1) / UNIT;
        return received[place] > 0 && known(first, BITMAP_BYTES * Byte.SIZE - first) > 0;
    }

    private static boolean isSame(long one, long other, int bytes) {
        for (int i = 0; i < bytes; i++) {
            if (Memory.getByte(one + i) != Memory.getByte(other + i)) {
                return false;
            }
        }
        return true;
    }

    private long base(int i) {
        return base + (long) i * STRIDE;
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
    }
}
