package dev.tandem.director.forward;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Icmp;
import dev.tandem.director.packet.Ipv4;
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
    /** An ICMP error quotes as much as fits these many bytes of IP (RFC 1812 section 4.3.2.3). */
    private static final int ICMP_ERROR_MAX_LENGTH = 576;

    private static final int PER_SECOND = 1000;
    private static final int BURST = 50;

    private final ScratchFrames scratch;
    private final PathCounters counters;
    private final RateLimiter errors = new RateLimiter(PER_SECOND, BURST);
    private final RateLimiter tooBig = new RateLimiter(PER_SECOND, BURST);
    private final RateLimiter resets = new RateLimiter(PER_SECOND, BURST);

    Answers(ScratchFrames scratch, PathCounters counters) {
        this.scratch = scratch;
        this.counters = counters;
    }

    /** Turns a valid echo request round where it lies (RFC 1122 section 3.2.2.6). */
    void echoReply(PacketPort port, Ipv4Frame packet) {
        Ethernet.swapAddresses(packet.frame);
        Memory.putIntBe(packet.ip + Ipv4.SOURCE_OFFSET, packet.destination);
        Memory.putIntBe(packet.ip + Ipv4.DESTINATION_OFFSET, packet.source);
        int ttlAndProtocol = Memory.getShortBe(packet.ip + Ipv4.TTL_OFFSET);
        int fresh = Ipv4.DEFAULT_TTL << 8 | Ipv4.PROTOCOL_ICMP;
        Memory.putShortBe(packet.ip + Ipv4.TTL_OFFSET, fresh);
        Checksums.update(
                packet.ip + Ipv4.CHECKSUM_OFFSET, Checksums.delta16(ttlAndProtocol, fresh));
        Memory.putByte(packet.transport + Icmp.TYPE_OFFSET, Icmp.ECHO_REPLY);
        Checksums.update(
                packet.transport + Icmp.CHECKSUM_OFFSET,
                Checksums.delta16(Icmp.ECHO_REQUEST << 8, Icmp.ECHO_REPLY << 8));
        port.enqueue(packet.frame, packet.length);
        counters.echoReplies++;
    }

    /** Fragmentation needed: path MTU discovery depends on it. */
    void tooBig(PacketPort port, Ipv4Frame packet, int from, int mtu, long nowNs) {
        icmpError(
                port,
                packet,
                from,
                Icmp.DESTINATION_UNREACHABLE,
                Icmp.CODE_FRAGMENTATION_NEEDED,
                mtu,
                tooBig,
                nowNs);
    }

    void unreachable(PacketPort port, Ipv4Frame packet, int from, int code, long nowNs) {
        icmpError(port, packet, from, Icmp.DESTINATION_UNREACHABLE, code, 0, errors, nowNs);
    }

    void timeExceeded(PacketPort port, Ipv4Frame packet, int from, long nowNs) {
        icmpError(port, packet, from, Icmp.TIME_EXCEEDED, Icmp.CODE_TTL, 0, errors, nowNs);
    }

    /**
     * An ICMP error about the packet, which is still as it came in. Fragments and sources that are
     * no single host never get here; errors are not answered by errors (RFC 1122 section 3.2.2).
     */
    private void icmpError(
            PacketPort port,
            Ipv4Frame packet,
            int from,
            int type,
            int code,
            int mtu,
            RateLimiter limiter,
            long nowNs) {
        if (packet.isIcmpError()) {
            return;
        }
        long frame = limiter.allow(nowNs) ? scratch.claim() : ScratchFrames.NONE;
        if (frame == ScratchFrames.NONE) {
            counters.answersSuppressed++;
            return;
        }
        int quoted =
                Math.min(
                        packet.totalLength,
                        ICMP_ERROR_MAX_LENGTH - Ipv4.MIN_HEADER_LENGTH - Icmp.HEADER_LENGTH);
        int totalLength = Ipv4.MIN_HEADER_LENGTH + Icmp.HEADER_LENGTH + quoted;
        long ip = writeHeaders(port, packet, frame, from, Ipv4.PROTOCOL_ICMP, totalLength);
        long icmp = ip + Ipv4.MIN_HEADER_LENGTH;
        Memory.putByte(icmp + Icmp.TYPE_OFFSET, type);
        Memory.putByte(icmp + Icmp.CODE_OFFSET, code);
        Memory.putIntBe(icmp + Icmp.CHECKSUM_OFFSET, 0);
        Memory.putShortBe(icmp + Icmp.NEXT_HOP_MTU_OFFSET, mtu);
        Memory.copy(packet.ip, icmp + Icmp.HEADER_LENGTH, quoted);
        Memory.putShortBe(
                icmp + Icmp.CHECKSUM_OFFSET,
                Checksums.complement(Checksums.sum(icmp, Icmp.HEADER_LENGTH + quoted)));
        port.enqueue(frame, Ethernet.HEADER_LENGTH + totalLength);
        counters.icmpErrors++;
    }

    /** The reset that a host sends for a segment of no connection (RFC 9293 section 3.5.2). */
    void reset(PacketPort port, Ipv4Frame packet, long nowNs) {
        if ((packet.tcpFlags & Tcp.RST) != 0) {
            return;
        }
        long frame = resets.allow(nowNs) ? scratch.claim() : ScratchFrames.NONE;
        if (frame == ScratchFrames.NONE) {
            counters.answersSuppressed++;
            return;
        }
        int totalLength = Ipv4.MIN_HEADER_LENGTH + Tcp.MIN_HEADER_LENGTH;
        long ip =
                writeHeaders(
                        port, packet, frame, packet.destination, Ipv4.PROTOCOL_TCP, totalLength);
        long tcp = ip + Ipv4.MIN_HEADER_LENGTH;
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
        Memory.putShortBe(
                tcp + Tcp.CHECKSUM_OFFSET,
                Checksums.transport(
                        /* source= */ packet.destination,
                        /* destination= */ packet.source,
                        Ipv4.PROTOCOL_TCP,
                        tcp,
                        Tcp.MIN_HEADER_LENGTH));
        port.enqueue(frame, Ethernet.HEADER_LENGTH + totalLength);
        counters.resets++;
    }

    private static long writeHeaders(
            PacketPort port,
            Ipv4Frame packet,
            long frame,
            int from,
            int protocol,
            int totalLength) {
        Ethernet.write(
                frame,
                Ethernet.getAddress(packet.frame + Ethernet.SOURCE_OFFSET),
                port.hardwareAddress(),
                Ethernet.TYPE_IPV4);
        long ip = frame + Ethernet.HEADER_LENGTH;
        Ipv4.write(ip, totalLength, protocol, from, packet.source);
        return ip;
    }
}
