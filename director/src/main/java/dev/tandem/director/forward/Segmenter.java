package dev.tandem.director.forward;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.VnetHeader;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Ipv6;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.packet.Udp;

/**
 * Cuts a super-frame into the packets that it stands for, checksums and all, as an interface does.
 * Needed in front of tunnels: what the virtio-net header can say, it cannot say of a packet inside
 * another. Worker thread only.
 */
final class Segmenter {
    private long frame;
    private boolean ipv6;
    private int protocol;
    private int ipHeader;
    private int headers;
    private int payload;
    private int size;

    /** Takes up a super-frame; false when it is none of TCP or UDP segments. */
    boolean start(Frame packet) {
        int type = VnetHeader.gsoType(packet.frame);
        boolean tcp = type == VnetHeader.GSO_TCP4 || type == VnetHeader.GSO_TCP6;
        boolean udp = type == VnetHeader.GSO_UDP;
        int transportHeader =
                tcp && packet.protocol == Ipv4.PROTOCOL_TCP
                        ? Tcp.headerLength(packet.transport)
                        : Udp.HEADER_LENGTH;
        frame = packet.frame;
        ipv6 = packet.ipv6;
        protocol = packet.protocol;
        ipHeader = packet.headerLength;
        headers = Ethernet.HEADER_LENGTH + ipHeader + transportHeader;
        payload = packet.length - headers;
        size = VnetHeader.segmentSize(packet.frame);
        return size > 0
                && ((tcp && protocol == Ipv4.PROTOCOL_TCP)
                        || (udp && protocol == Ipv4.PROTOCOL_UDP));
    }

    int count() {
        return Math.max(1, (payload + size - 1) / size);
    }

    /** Bytes of segment {@code i} as a frame. */
    int length(int i) {
        return headers + Math.min(size, payload - i * size);
    }

    /** Writes segment {@code i}, with a cleared virtio-net header. */
    void write(int i, long target) {
        int length = length(i);
        Memory.copy(frame, target, headers);
        Memory.copy(frame + headers + (long) i * size, target + headers, length - headers);
        VnetHeader.clear(target);
        long ip = target + Ethernet.HEADER_LENGTH;
        int total = length - Ethernet.HEADER_LENGTH;
        if (ipv6) {
            Memory.putShortBe(ip + Ipv6.PAYLOAD_LENGTH_OFFSET, total - Ipv6.HEADER_LENGTH);
        } else {
            Memory.putShortBe(ip + Ipv4.TOTAL_LENGTH_OFFSET, total);
            Memory.putShortBe(
                    ip + Ipv4.IDENTIFICATION_OFFSET,
                    Memory.getShortBe(ip + Ipv4.IDENTIFICATION_OFFSET) + i);
            Memory.putShortBe(ip + Ipv4.CHECKSUM_OFFSET, 0);
            Memory.putShortBe(
                    ip + Ipv4.CHECKSUM_OFFSET, Checksums.complement(Checksums.sum(ip, ipHeader)));
        }
        writeTransport(i, ip, total - ipHeader);
    }

    private void writeTransport(int i, long ip, int length) {
        long transport = ip + ipHeader;
        long field;
        if (protocol == Ipv4.PROTOCOL_TCP) {
            field = transport + Tcp.CHECKSUM_OFFSET;
            Memory.putIntBe(
                    transport + Tcp.SEQUENCE_OFFSET,
                    Memory.getIntBe(transport + Tcp.SEQUENCE_OFFSET) + i * size);
            int flags = Memory.getByte(transport + Tcp.FLAGS_OFFSET);
            if (i > 0) {
                flags &= ~Tcp.CWR;
            }
            if (i < count() - 1) {
                flags &= ~(Tcp.FIN | Tcp.PSH);
            }
            Memory.putByte(transport + Tcp.FLAGS_OFFSET, flags);
        } else {
            field = transport + Udp.CHECKSUM_OFFSET;
            Memory.putShortBe(transport + Udp.LENGTH_OFFSET, length);
        }
        Memory.putShortBe(field, 0);
        int sum =
                Checksums.add(
                        Checksums.pseudoHeader(ip, ipv6, protocol, length),
                        Checksums.sum(transport, length));
        int checksum = Checksums.complement(sum);
        boolean udp = protocol == Ipv4.PROTOCOL_UDP;
        Memory.putShortBe(field, udp && checksum == 0 ? 0xFFFF : checksum);
    }
}
