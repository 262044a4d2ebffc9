package dev.tandem.sync.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts the fragments of IP packets together. Memory is bounded: {@link #SLOTS} packets of 64 KiB in
 * the making, the oldest of which makes room when another begins. Time is the capture's.
 *
 * <p>Rules of the kernel (net/ipv4/inet_fragment.c, inet_frag_queue_insert): a fragment that is
 * there already is ignored, one that overlaps others costs the whole packet (RFC 5722).
 */
final class Reassembly {
    /** Packets in the making. */
    static final int SLOTS = 32;

    /** How long a packet may take, from its first fragment on (net.ipv4.ipfrag_time). */
    static final long TIMEOUT_NS = 30_000_000_000L;

    /** What {@link #add} says of a fragment. */
    enum Result {
        WAITING,
        COMPLETE,
        BAD,
        OVERLAP
    }

    /** Told of packets that will never be complete. */
    interface Loss {
        void lost(Packet packet);
    }

    /** A packet in the making. */
    static final class Packet {
        private static final int UNIT = 8;
        private static final int UNKNOWN = -1;

        private final long[] units = new long[(MAX_LENGTH / UNIT + 1 + 63) / 64];
        private byte[] data = new byte[2048];
        private boolean used;
        private long startedNs;
        private int id;
        private int length = UNKNOWN;
        private int have;

        boolean ipv6;
        long sourceHigh;
        long sourceLow;
        long destinationHigh;
        long destinationLow;
        int ttl;

        /** IPv6: the header that follows the first fragment's header; IPv4: the protocol. */
        int protocol;

        /** Whether the packet's first bytes are there. */
        boolean hasStart() {
            return (units[0] & 1) != 0;
        }

        /** The bytes so far, from 0; all of them once complete. */
        ByteBuffer bytes() {
            int end = length == UNKNOWN ? UNIT : length;
            return ByteBuffer.wrap(data, 0, Math.min(end, data.length)).order(ByteOrder.BIG_ENDIAN);
        }

        private boolean matches(CapturedDatagram of, int ofId, int ofProtocol) {
            return used
                    && id == ofId
                    && ipv6 == of.ipv6
                    && (ipv6 || protocol == ofProtocol)
                    && sourceLow == of.sourceLow
                    && destinationLow == of.destinationLow
                    && sourceHigh == of.sourceHigh
                    && destinationHigh == of.destinationHigh;
        }

        private void start(CapturedDatagram of, int ofId, int ofProtocol) {
            used = true;
            startedNs = of.timeNs;
            id = ofId;
            length = UNKNOWN;
            have = 0;
            Arrays.fill(units, 0);
            ipv6 = of.ipv6;
            sourceHigh = of.sourceHigh;
            sourceLow = of.sourceLow;
            destinationHigh = of.destinationHigh;
            destinationLow = of.destinationLow;
            ttl = of.ttl;
            protocol = ofProtocol;
        }

        private Result put(ByteBuffer from, int at, int offset, int count, boolean more) {
            int end = offset + count;
            boolean pastEnd = length != UNKNOWN && end > length;
            boolean otherEnd = !more && (length != UNKNOWN ? end != length : end < highest());
            if (pastEnd || otherEnd) {
                return Result.OVERLAP;
            }
            int first = offset / UNIT;
            int last = (end + UNIT - 1) / UNIT;
            int present = 0;
            for (int unit = first; unit < last; unit++) {
                present += (int) (units[unit >> 6] >>> unit & 1);
            }
            if (present == last - first) {
                return Result.BAD;
            }
            if (present != 0) {
                return Result.OVERLAP;
            }
            for (int unit = first; unit < last; unit++) {
                units[unit >> 6] |= 1L << unit;
            }
            if (end > data.length) {
                data = Arrays.copyOf(data, Math.min(MAX_LENGTH, Math.max(end, 2 * data.length)));
            }
            from.get(at, data, offset, count);
            have += last - first;
            if (!more) {
                length = end;
            }
            return length != UNKNOWN && have == (length + UNIT - 1) / UNIT
                    ? Result.COMPLETE
                    : Result.WAITING;
        }

        /** The end of the last unit there is. */
        private int highest() {
            for (int word = units.length - 1; word >= 0; word--) {
                if (units[word] != 0) {
                    return (word * 64 + 64 - Long.numberOfLeadingZeros(units[word])) * UNIT;
                }
            }
            return 0;
        }
    }

    /** Bytes of an IP packet, header not counted; none is longer. */
    static final int MAX_LENGTH = 65_535;

    private final @Nullable Packet[] packets = new @Nullable Packet[SLOTS];
    private final Loss loss;
    private final Packet none = new Packet();
    private Packet current = none;

    Reassembly(Loss loss) {
        this.loss = loss;
    }

    /**
     * Takes one fragment.
     *
     * @param of addresses, TTL and time of the fragment
     * @param protocol what stands in the header of this fragment
     * @param at where in {@code from} its bytes begin
     * @param offset their place in the packet, a multiple of 8
     * @param count how many there are
     * @param more whether others follow
     * @return {@link Result#COMPLETE} when {@link #packet} is whole now
     */
    Result add(
            CapturedDatagram of,
            int id,
            int protocol,
            ByteBuffer from,
            int at,
            int offset,
            int count,
            boolean more) {
        expire(of.timeNs);
        if (count <= 0 || offset + count > MAX_LENGTH || (more && count % Packet.UNIT != 0)) {
            return Result.BAD;
        }
        Packet packet = find(of, id, protocol);
        if (packet == null) {
            packet = take();
            packet.start(of, id, protocol);
        }
        if (offset == 0) {
            packet.protocol = protocol;
        }
        Result result = packet.put(from, at, offset, count, more);
        current = packet;
        if (result == Result.COMPLETE || result == Result.OVERLAP) {
            packet.used = false;
        }
        return result;
    }

    /** The packet of the last fragment; valid until the next is added. */
    Packet packet() {
        return current;
    }

    /** Gives up what has waited for too long. */
    void expire(long nowNs) {
        for (Packet packet : packets) {
            if (packet != null && packet.used && nowNs - packet.startedNs > TIMEOUT_NS) {
                giveUp(packet);
            }
        }
    }

    /** Gives up everything: the capture is over. */
    void finish() {
        for (Packet packet : packets) {
            if (packet != null && packet.used) {
                giveUp(packet);
            }
        }
    }

    private void giveUp(Packet packet) {
        packet.used = false;
        loss.lost(packet);
    }

    private @Nullable Packet find(CapturedDatagram of, int id, int protocol) {
        for (Packet packet : packets) {
            if (packet != null && packet.matches(of, id, protocol)) {
                return packet;
            }
        }
        return null;
    }

    private Packet take() {
        Packet oldest = none;
        for (int i = 0; i < SLOTS; i++) {
            Packet packet = packets[i];
            if (packet == null) {
                packet = new Packet();
                packets[i] = packet;
            }
            if (!packet.used) {
                return packet;
            }
            if (oldest == none || packet.startedNs - oldest.startedNs < 0) {
                oldest = packet;
            }
        }
        giveUp(oldest);
        return oldest;
    }
}
