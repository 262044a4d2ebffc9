package dev.tandem.sync.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Gets UDP datagrams out of captured frames: link headers with VLAN tags, IPv4, IPv6 with extension
 * headers, fragments. Refuses what the kernel's stack would refuse before a socket hears of it, and
 * counts it by reason.
 *
 * <p>Used by one thread. No bytes make it throw; a frame of a whole datagram allocates nothing.
 */
public final class FrameReader {
    private static final int PROTOCOL_UDP = 17;
    private static final int UDP_LENGTH = 8;
    private static final int UDP_DESTINATION_OFFSET = 2;
    private static final int UDP_LENGTH_OFFSET = 4;

    private final FrameCounters counters = new FrameCounters();
    private final Reassembly reassembly = new Reassembly(this::lost);
    private final CapturedDatagram datagram = new CapturedDatagram();
    private final IpHeader ip = new IpHeader();
    private final DatagramHandler handler;
    private final boolean checksums;

    /**
     * @param checksums whether datagrams with a wrong checksum are refused; if not, they are handed
     *     over like others, and {@link CapturedDatagram#checksum} tells
     */
    public FrameReader(DatagramHandler handler, boolean checksums) {
        this.handler = handler;
        this.checksums = checksums;
    }

    /** Frames since the reader was made. */
    public FrameCounters counters() {
        return counters;
    }

    /**
     * Reads one frame.
     *
     * @param frame the bytes from 0 to the limit; the byte order becomes big-endian
     * @param originalLength the frame's length on the wire, more than the limit when it was cut
     * @param linkType libpcap's number of the link type
     * @param timeNs when it was captured, nanoseconds since 1970
     */
    public FrameVerdict read(ByteBuffer frame, int originalLength, int linkType, long timeNs) {
        frame.order(ByteOrder.BIG_ENDIAN);
        datagram.clear(timeNs);
        boolean cut = originalLength > frame.limit();
        int at = LinkType.packetOffset(frame, linkType);
        FrameVerdict verdict =
                at == LinkType.NONE ? FrameVerdict.NOT_IP : ip.read(frame, at, cut, datagram);
        if (verdict == FrameVerdict.FRAGMENT) {
            verdict = readFragment(frame);
        } else if (verdict == FrameVerdict.DATAGRAM) {
            verdict = readPayload(frame, ip.protocol, ip.payload, ip.end);
        }
        counters.count(verdict);
        tell(verdict);
        return verdict;
    }

    /** To be called at the end of a capture: gives up datagrams that still lack fragments. */
    public void finish() {
        reassembly.finish();
    }

    private void tell(FrameVerdict verdict) {
        switch (verdict) {
            case DATAGRAM -> handler.onDatagram(datagram);
            case FRAGMENT, NOT_IP, NOT_UDP -> {}
            case CUT, BAD_IP, BAD_UDP_LENGTH, BAD_CHECKSUM, BAD_FRAGMENT, OVERLAP, INCOMPLETE ->
                    handler.onFault(verdict, datagram);
        }
    }

    private FrameVerdict readFragment(ByteBuffer frame) {
        Reassembly.Result result =
                reassembly.add(
                        datagram,
                        ip.fragmentId,
                        ip.protocol,
                        frame,
                        ip.payload,
                        ip.fragmentOffset,
                        ip.end - ip.payload,
                        ip.moreFragments);
        return switch (result) {
            case WAITING -> FrameVerdict.FRAGMENT;
            case BAD -> FrameVerdict.BAD_FRAGMENT;
            case OVERLAP -> FrameVerdict.OVERLAP;
            case COMPLETE -> {
                Reassembly.Packet packet = reassembly.packet();
                ByteBuffer bytes = packet.bytes();
                datagram.ttl = packet.ttl;
                if (!datagram.ipv6) {
                    yield readPayload(bytes, packet.protocol, 0, bytes.limit());
                }
                FrameVerdict verdict = ip.readExtensions(bytes, 0, bytes.limit(), packet.protocol);
                yield verdict == FrameVerdict.DATAGRAM
                        ? readPayload(bytes, ip.protocol, ip.payload, ip.end)
                        // a fragment within a fragment
                        : verdict == FrameVerdict.FRAGMENT ? FrameVerdict.BAD_FRAGMENT : verdict;
            }
        };
    }

    /** Reads the UDP datagram between {@code at} and {@code end}, as far as it was captured. */
    private FrameVerdict readPayload(ByteBuffer packet, int protocol, int at, int end) {
        if (protocol != PROTOCOL_UDP) {
            return FrameVerdict.NOT_UDP;
        }
        int available = Math.min(end, packet.limit()) - at;
        if (available < UDP_LENGTH) {
            return end > packet.limit() ? FrameVerdict.CUT : FrameVerdict.BAD_UDP_LENGTH;
        }
        datagram.sourcePort = Short.toUnsignedInt(packet.getShort(at));
        datagram.destinationPort =
                Short.toUnsignedInt(packet.getShort(at + UDP_DESTINATION_OFFSET));
        int length = Short.toUnsignedInt(packet.getShort(at + UDP_LENGTH_OFFSET));
        int taken = Math.min(length, available);
        if (length < UDP_LENGTH || length > end - at) {
            return FrameVerdict.BAD_UDP_LENGTH;
        }
        // a buffer object a datagram, for handlers may keep position and limit as they like
        datagram.payload =
                packet.slice(at + UDP_LENGTH, taken - UDP_LENGTH).order(ByteOrder.BIG_ENDIAN);
        if (length > available) {
            return FrameVerdict.CUT;
        }
        datagram.checksum = UdpChecksum.of(packet, at, at + length, datagram.ipv6, pseudoSum());
        return checksums && datagram.checksum == UdpChecksum.BAD
                ? FrameVerdict.BAD_CHECKSUM
                : FrameVerdict.DATAGRAM;
    }

    private long pseudoSum() {
        return words(datagram.sourceHigh)
                + words(datagram.sourceLow)
                + words(datagram.destinationHigh)
                + words(datagram.destinationLow)
                + PROTOCOL_UDP;
    }

    private static long words(long value) {
        return (value >>> 32) + (value & 0xFFFF_FFFFL);
    }

    private void lost(Reassembly.Packet packet) {
        counters.count(FrameVerdict.INCOMPLETE);
        CapturedDatagram known = new CapturedDatagram();
        known.clear(datagram.timeNs);
        known.ipv6 = packet.ipv6;
        known.sourceHigh = packet.sourceHigh;
        known.sourceLow = packet.sourceLow;
        known.destinationHigh = packet.destinationHigh;
        known.destinationLow = packet.destinationLow;
        known.ttl = packet.ttl;
        if (packet.hasStart() && packet.protocol == PROTOCOL_UDP) {
            ByteBuffer bytes = packet.bytes();
            known.sourcePort = Short.toUnsignedInt(bytes.getShort(0));
            known.destinationPort = Short.toUnsignedInt(bytes.getShort(UDP_DESTINATION_OFFSET));
        }
        handler.onFault(FrameVerdict.INCOMPLETE, known);
    }
}
