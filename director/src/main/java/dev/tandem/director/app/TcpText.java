package dev.tandem.director.app;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.io.VnetHeader;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import dev.tandem.director.packet.Tcp;
import java.lang.foreign.Arena;

/**
 * Reads a TCP packet's payload, and gives a packet another one. Received frames lie one behind the
 * other, so a packet that changes its length moves to one of a ring of buffers here; there are more
 * of them than packets between two flushes of the ports.
 */
final class TcpText {
    /** No payload has more bytes. */
    static final int MAX_LENGTH = 1 << 16;

    private static final int BUFFERS = 512;
    private static final int BUFFER_BYTES = 4096;
    private static final int BEFORE = 128;
    private static final int STRIDE = BEFORE + BUFFER_BYTES;

    static {
        assert BEFORE >= PacketPort.HEADROOM_BYTES + VnetHeader.LENGTH;
    }

    private final long base;
    private int next;

    TcpText(Arena arena) {
        base = arena.allocate((long) BUFFERS * STRIDE, 64).address() + BEFORE;
    }

    /** Whether the checksum is right; a partial one is. */
    static boolean isIntact(Frame packet) {
        int sum = Checksums.sum(packet.transport, packet.transportLength);
        return packet.partialChecksum || Checksums.add(pseudoHeader(packet), sum) == 0xFFFF;
    }

    /** Copies the payload to an array with room for {@link #MAX_LENGTH} bytes; its length. */
    static int read(Frame packet, byte[] target) {
        int length = packet.tcpPayloadLength();
        long from = packet.transport + packet.transportLength - length;
        for (int i = 0; i < length; i++) {
            target[i] = (byte) Memory.getByte(from + i);
        }
        return length;
    }

    /**
     * Gives the packet another payload and sequence number; its checksum is as complete as before.
     * The packet is parsed anew.
     *
     * @return false when there is no room for so much; the packet is as it was
     */
    boolean replace(Frame packet, int sequence, byte[] text, int length) {
        int headers =
                Ethernet.HEADER_LENGTH + packet.headerLength + Tcp.headerLength(packet.transport);
        if (headers + length > BUFFER_BYTES) {
            return false;
        }
        long frame = base + (long) next * STRIDE;
        next = (next + 1) % BUFFERS;
        Memory.copy(
                packet.frame - VnetHeader.LENGTH,
                frame - VnetHeader.LENGTH,
                VnetHeader.LENGTH + headers);
        for (int i = 0; i < length; i++) {
            Memory.putByte(frame + headers + i, text[i]);
        }
        long ip = frame + Ethernet.HEADER_LENGTH;
        long tcp = ip + packet.headerLength;
        Memory.putIntBe(tcp + Tcp.SEQUENCE_OFFSET, sequence);
        setLength(packet.ipv6, ip, headers - Ethernet.HEADER_LENGTH + length);
        parse(packet, frame, headers + length);
        return true;
    }

    /**
     * Turns the packet, where it lies, into an acknowledgment to its sender. Addresses and ports of
     * both sides change places, and so do the time stamps (RFC 7323), which a receiver may insist
     * on.
     *
     * @param acknowledgment the number that is expected next, as the sender counts
     * @param window as in the header
     */
    static void acknowledge(Frame packet, int acknowledgment, int window) {
        long tcp = packet.transport;
        int sequence = Memory.getIntBe(tcp + Tcp.ACKNOWLEDGMENT_OFFSET);
        int header = Tcp.MIN_HEADER_LENGTH;
        long stamps = TcpOptions.find(tcp, TcpOptions.TIME_STAMPS);
        if (stamps != 0) {
            int value = Memory.getIntBe(stamps + 2);
            int echo = Memory.getIntBe(stamps + 6);
            long option = tcp + header;
            Memory.putIntBe(option, TcpOptions.PADDED_TIME_STAMPS);
            Memory.putIntBe(option + 4, echo);
            Memory.putIntBe(option + 8, value);
            header += TcpOptions.PADDED_TIME_STAMPS_LENGTH;
        }
        Memory.putShortBe(tcp + Tcp.SOURCE_PORT_OFFSET, packet.destinationPort);
        Memory.putShortBe(tcp + Tcp.DESTINATION_PORT_OFFSET, packet.sourcePort);
        Memory.putIntBe(tcp + Tcp.SEQUENCE_OFFSET, sequence);
        Memory.putIntBe(tcp + Tcp.ACKNOWLEDGMENT_OFFSET, acknowledgment);
        Memory.putShortBe(tcp + Tcp.DATA_OFFSET_OFFSET, header << 10 | Tcp.ACK);
        Memory.putShortBe(tcp + Tcp.WINDOW_OFFSET, window);
        Memory.putShortBe(tcp + Tcp.URGENT_OFFSET, 0);
        turnRound(packet);
        setLength(packet.ipv6, packet.ip, packet.headerLength + header);
        VnetHeader.clear(packet.frame);
        parse(packet, packet.frame, Ethernet.HEADER_LENGTH + packet.headerLength + header);
    }

    private static void turnRound(Frame packet) {
        Ethernet.swapAddresses(packet.frame);
        if (packet.ipv6) {
            Ipv6.putAddress(
                    packet.ip + Ipv6.SOURCE_OFFSET, packet.destinationHigh, packet.destinationLow);
            Ipv6.putAddress(
                    packet.ip + Ipv6.DESTINATION_OFFSET, packet.sourceHigh, packet.sourceLow);
            Memory.putByte(packet.ip + Ipv6.HOP_LIMIT_OFFSET, Ipv6.DEFAULT_HOP_LIMIT);
        } else {
            Memory.putIntBe(packet.ip + Ipv4.SOURCE_OFFSET, packet.destination4());
            Memory.putIntBe(packet.ip + Ipv4.DESTINATION_OFFSET, packet.source4());
            int old = Memory.getShortBe(packet.ip + Ipv4.TTL_OFFSET);
            int fresh = Ipv4.DEFAULT_TTL << 8 | (old & 0xFF);
            Memory.putShortBe(packet.ip + Ipv4.TTL_OFFSET, fresh);
            Checksums.update(packet.ip + Ipv4.CHECKSUM_OFFSET, Checksums.delta16(old, fresh));
        }
    }

    /** Reads the packet again and gives it a checksum, as complete as the frame says. */
    private static void parse(Frame packet, long frame, int length) {
        int fwmark = packet.fwmark;
        // every header was proved before; only lengths and numbers have changed
        if (packet.parse(frame, length) != null) {
            throw new IllegalStateException("a rewritten packet is malformed");
        }
        packet.fwmark = fwmark;
        long field = packet.transport + Tcp.CHECKSUM_OFFSET;
        if (packet.partialChecksum) {
            Memory.putShortBe(field, pseudoHeader(packet));
            return;
        }
        Memory.putShortBe(field, 0);
        int sum = Checksums.sum(packet.transport, packet.transportLength);
        Memory.putShortBe(field, Checksums.complement(Checksums.add(pseudoHeader(packet), sum)));
    }

    private static void setLength(boolean ipv6, long ip, int totalLength) {
        if (ipv6) {
            Memory.putShortBe(ip + Ipv6.PAYLOAD_LENGTH_OFFSET, totalLength - Ipv6.HEADER_LENGTH);
            return;
        }
        int old = Memory.getShortBe(ip + Ipv4.TOTAL_LENGTH_OFFSET);
        Memory.putShortBe(ip + Ipv4.TOTAL_LENGTH_OFFSET, totalLength);
        Checksums.update(ip + Ipv4.CHECKSUM_OFFSET, Checksums.delta16(old, totalLength));
    }

    private static int pseudoHeader(Frame packet) {
        long sum = words(packet.sourceHigh) + words(packet.sourceLow);
        sum += words(packet.destinationHigh) + words(packet.destinationLow);
        return Checksums.fold(sum + packet.protocol + packet.transportLength);
    }

    private static long words(long number) {
        return (number & 0xFFFFFFFFL) + (number >>> 32);
    }
}
