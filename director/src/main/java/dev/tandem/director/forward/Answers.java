package dev.tandem.director.forward;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Icmp;
import dev.tandem.director.packet.Icmp6;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import dev.tandem.director.packet.ScratchFrames;
import dev.tandem.director.packet.Tcp;

/**
 * What the director says itself, in place of the host's stack that does not know the virtual
 * addresses: ping replies, ICMP errors, TCP resets. Worker thread only.
 *
 * <p>Every answer goes back to the neighbour that the packet came from, without a route lookup: a
 * forged source address cannot make the director resolve neighbours or send elsewhere. Errors and
 * resets are limited in rate, each kind by itself.
 */
final class Answers {
    private static final int PER_SECOND = 1000;
    private static final int BURST = 50;

    private final ScratchFrames scratch;
    private final PathCounters counters;
    private final RateLimiter errors = new RateLimiter(PER_SECOND, BURST);
    private final RateLimiter tooBig = new RateLimiter(PER_SECOND, BURST);
    private final RateLimiter resets = new RateLimiter(PER_SECOND, BURST);
    private long speakerHigh;
    private long speakerLow;

    Answers(ScratchFrames scratch, PathCounters counters) {
        this.scratch = scratch;
        this.counters = counters;
    }

    /** Sets whose address the errors to come are sent from; the packet's own family. */
    Answers as(long high, long low) {
        speakerHigh = high;
        speakerLow = low;
        return this;
    }

    /** Whether there is an address to send from. */
    boolean canSpeak() {
        return (speakerHigh | speakerLow) != 0;
    }

    /** The errors to come are sent from the address that the packet was sent to. */
    Answers asDestinationOf(Frame packet) {
        return as(packet.destinationHigh, packet.destinationLow);
    }

    /**
     * Turns a valid echo request round where it lies (RFC 1122 3.2.2.6, RFC 4443 4.2); the caller
     * sends it back.
     */
    void echoReply(Frame packet) {
        Ethernet.swapAddresses(packet.frame);
        int from = Icmp.ECHO_REQUEST;
        int to = Icmp.ECHO_REPLY;
        if (packet.ipv6) {
            from = Icmp6.ECHO_REQUEST;
            to = Icmp6.ECHO_REPLY;
            Ipv6.putAddress(
                    packet.ip + Ipv6.SOURCE_OFFSET, packet.destinationHigh, packet.destinationLow);
            Ipv6.putAddress(
                    packet.ip + Ipv6.DESTINATION_OFFSET, packet.sourceHigh, packet.sourceLow);
            Memory.putByte(packet.ip + Ipv6.HOP_LIMIT_OFFSET, Ipv6.DEFAULT_HOP_LIMIT);
        } else {
            Memory.putIntBe(packet.ip + Ipv4.SOURCE_OFFSET, packet.destination4());
            Memory.putIntBe(packet.ip + Ipv4.DESTINATION_OFFSET, packet.source4());
            int ttlAndProtocol = Memory.getShortBe(packet.ip + Ipv4.TTL_OFFSET);
            int fresh = Ipv4.DEFAULT_TTL << 8 | Ipv4.PROTOCOL_ICMP;
            Memory.putShortBe(packet.ip + Ipv4.TTL_OFFSET, fresh);
            Checksums.update(
                    packet.ip + Ipv4.CHECKSUM_OFFSET, Checksums.delta16(ttlAndProtocol, fresh));
        }
        Memory.putByte(packet.transport + Icmp.TYPE_OFFSET, to);
        Checksums.update(
                packet.transport + Icmp.CHECKSUM_OFFSET, Checksums.delta16(from << 8, to << 8));
        counters.echoReplies++;
    }

    /** Fragmentation needed, packet too big: path MTU discovery depends on it. */
    void tooBig(PacketPort port, Frame packet, int mtu, long nowNs) {
        if (packet.ipv6) {
            icmpError(port, packet, Icmp6.PACKET_TOO_BIG, 0, mtu, tooBig, nowNs);
        } else {
            icmpError(
                    port,
                    packet,
                    Icmp.DESTINATION_UNREACHABLE,
                    Icmp.CODE_FRAGMENTATION_NEEDED,
                    mtu,
                    tooBig,
                    nowNs);
        }
    }

    void portUnreachable(PacketPort port, Frame packet, long nowNs) {
        unreachable(port, packet, Icmp.CODE_PORT, Icmp6.CODE_PORT, nowNs);
    }

    void hostUnreachable(PacketPort port, Frame packet, long nowNs) {
        unreachable(port, packet, Icmp.CODE_HOST, Icmp6.CODE_ADDRESS, nowNs);
    }

    private void unreachable(PacketPort port, Frame packet, int code, int code6, long nowNs) {
        icmpError(
                port,
                packet,
                packet.ipv6 ? Icmp6.DESTINATION_UNREACHABLE : Icmp.DESTINATION_UNREACHABLE,
                packet.ipv6 ? code6 : code,
                0,
                errors,
                nowNs);
    }

    void timeExceeded(PacketPort port, Frame packet, long nowNs) {
        icmpError(
                port,
                packet,
                packet.ipv6 ? Icmp6.TIME_EXCEEDED : Icmp.TIME_EXCEEDED,
                Icmp.CODE_TTL,
                0,
                errors,
                nowNs);
    }

    /**
     * An ICMP error about the packet, which is still as it came in. Fragments and sources that are
     * no single host never get here; errors are not answered by errors (RFC 1122 section 3.2.2, RFC
     * 4443 section 2.4 e).
     */
    private void icmpError(
            PacketPort port,
            Frame packet,
            int type,
            int code,
            int mtu,
            RateLimiter limiter,
            long nowNs) {
        if (packet.isIcmpError()) {
            return;
        }
        long frame = claim(limiter, nowNs);
        if (frame == ScratchFrames.NONE) {
            return;
        }
        int length =
                IcmpErrors.write(
                        frame,
                        packet.ip,
                        packet.totalLength,
                        packet.ipv6,
                        type,
                        code,
                        mtu,
                        speakerHigh,
                        speakerLow,
                        packet.sourceHigh,
                        packet.sourceLow);
        writeHardware(port, packet, frame);
        port.enqueue(frame, length);
        counters.icmpErrors++;
    }

    /**
     * An ICMP error about a packet that another error quotes; the caller sends it.
     *
     * @param quoted as it was sent: its source is told
     * @return bytes of the frame that was written, 0 when there is none
     */
    int relayed(long frame, QuotedPacket quoted, int type, int code, int mtu) {
        counters.icmpErrors++;
        return IcmpErrors.write(
                frame,
                quoted.ip,
                quoted.available,
                quoted.ipv6,
                type,
                code,
                mtu,
                speakerHigh,
                speakerLow,
                quoted.sourceHigh,
                quoted.sourceLow);
    }

    /** A frame for {@link #relayed}, or {@link ScratchFrames#NONE}. */
    long claimRelayed(long nowNs) {
        return claim(errors, nowNs);
    }

    /** The reset that a host sends for a segment of no connection (RFC 9293 section 3.5.2). */
    void reset(PacketPort port, Frame packet, long nowNs) {
        if (packet.protocol != Ipv4.PROTOCOL_TCP || (packet.tcpFlags & Tcp.RST) != 0) {
            return;
        }
        long frame = claim(resets, nowNs);
        if (frame == ScratchFrames.NONE) {
            return;
        }
        long tcp = writeResetHeaders(packet, frame);
        writeHardware(port, packet, frame);
        Memory.fill(tcp, Tcp.MIN_HEADER_LENGTH, 0);
        Memory.putShortBe(tcp + Tcp.SOURCE_PORT_OFFSET, packet.destinationPort);
        Memory.putShortBe(tcp + Tcp.DESTINATION_PORT_OFFSET, packet.sourcePort);
        Memory.putByte(tcp + Tcp.DATA_OFFSET_OFFSET, (Tcp.MIN_HEADER_LENGTH / 4) << 4);
        if ((packet.tcpFlags & Tcp.ACK) != 0) {
            Memory.putByte(tcp + Tcp.FLAGS_OFFSET, Tcp.RST);
            Memory.putIntBe(
                    tcp + Tcp.SEQUENCE_OFFSET,
                    Memory.getIntBe(packet.transport + Tcp.ACKNOWLEDGMENT_OFFSET));
        } else {
            int sequenceLength =
                    packet.tcpPayloadLength()
                            + Integer.bitCount(packet.tcpFlags & (Tcp.SYN | Tcp.FIN));
            Memory.putByte(tcp + Tcp.FLAGS_OFFSET, Tcp.RST | Tcp.ACK);
            Memory.putIntBe(
                    tcp + Tcp.ACKNOWLEDGMENT_OFFSET,
                    Memory.getIntBe(packet.transport + Tcp.SEQUENCE_OFFSET) + sequenceLength);
        }
        int header = (int) (tcp - frame) - Ethernet.HEADER_LENGTH;
        int sum =
                Checksums.add(
                        Checksums.pseudoHeader(
                                tcp - header,
                                packet.ipv6,
                                Ipv4.PROTOCOL_TCP,
                                Tcp.MIN_HEADER_LENGTH),
                        Checksums.sum(tcp, Tcp.MIN_HEADER_LENGTH));
        Memory.putShortBe(tcp + Tcp.CHECKSUM_OFFSET, Checksums.complement(sum));
        port.enqueue(frame, Ethernet.HEADER_LENGTH + header + Tcp.MIN_HEADER_LENGTH);
        counters.resets++;
    }

    /** Returns where the TCP header begins. */
    private static long writeResetHeaders(Frame packet, long frame) {
        long ip = frame + Ethernet.HEADER_LENGTH;
        if (packet.ipv6) {
            Memory.putShortBe(frame + Ethernet.TYPE_OFFSET, Ethernet.TYPE_IPV6);
            Ipv6.write(
                    ip,
                    0,
                    Tcp.MIN_HEADER_LENGTH,
                    Ipv4.PROTOCOL_TCP,
                    Ipv6.DEFAULT_HOP_LIMIT,
                    /* sourceHigh= */ packet.destinationHigh,
                    /* sourceLow= */ packet.destinationLow,
                    /* destinationHigh= */ packet.sourceHigh,
                    /* destinationLow= */ packet.sourceLow);
            return ip + Ipv6.HEADER_LENGTH;
        }
        Memory.putShortBe(frame + Ethernet.TYPE_OFFSET, Ethernet.TYPE_IPV4);
        Ipv4.write(
                ip,
                Ipv4.MIN_HEADER_LENGTH + Tcp.MIN_HEADER_LENGTH,
                Ipv4.PROTOCOL_TCP,
                /* source= */ packet.destination4(),
                /* destination= */ packet.source4());
        return ip + Ipv4.MIN_HEADER_LENGTH;
    }

    private long claim(RateLimiter limiter, long nowNs) {
        long frame = limiter.allow(nowNs) ? scratch.claim() : ScratchFrames.NONE;
        if (frame == ScratchFrames.NONE) {
            counters.answersSuppressed++;
        }
        return frame;
    }

    private static void writeHardware(PacketPort port, Frame packet, long frame) {
        Ethernet.putAddress(
                frame + Ethernet.DESTINATION_OFFSET,
                Ethernet.getAddress(packet.frame + Ethernet.SOURCE_OFFSET));
        Ethernet.putAddress(frame + Ethernet.SOURCE_OFFSET, port.hardwareAddress());
    }
}
