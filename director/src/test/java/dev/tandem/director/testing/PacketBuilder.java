package dev.tandem.director.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes frames for tests: the ten bytes of the virtio-net header, Ethernet, IPv4 and what it
 * carries. Every checksum is right unless a method says otherwise.
 */
public final class PacketBuilder {
    public static final int VNET = 10;
    public static final int ETHERNET = 14;

    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final int protocol;
    private final String source;
    private final String destination;
    private long sourceHardware;
    private long destinationHardware;
    private int ttl = 64;
    private int tos;
    private int identification = 0x1234;
    private int fragmentWord = 0x4000;
    private byte[] options = {};
    private final byte[] body;
    private int padding;
    private boolean partial;
    private int segmentSize;
    private final int transportChecksumOffset;
    private boolean noTransportChecksum;

    private PacketBuilder(int protocol, String source, String destination, byte[] body) {
        this.protocol = protocol;
        this.source = source;
        this.destination = destination;
        this.body = body;
        this.transportChecksumOffset = protocol == TCP ? 16 : protocol == UDP ? 6 : 2;
    }

    /** A segment with sequence number 1000, acknowledgment 2000 and so many bytes of payload. */
    public static PacketBuilder tcp(
            String source, int sourcePort, String destination, int port, int flags, int payload) {
        ByteBuffer tcp = ByteBuffer.allocate(20 + payload);
        tcp.putShort((short) sourcePort).putShort((short) port).putInt(1000).putInt(2000);
        tcp.put((byte) 0x50).put((byte) flags).putShort((short) 4096).putInt(0);
        fill(tcp);
        return new PacketBuilder(TCP, source, destination, tcp.array());
    }

    public static PacketBuilder udp(
            String source, int sourcePort, String destination, int port, int payload) {
        ByteBuffer udp = ByteBuffer.allocate(8 + payload);
        udp.putShort((short) sourcePort).putShort((short) port);
        udp.putShort((short) (8 + payload)).putShort((short) 0);
        fill(udp);
        return new PacketBuilder(UDP, source, destination, udp.array());
    }

    public static PacketBuilder icmp(
            String source, String destination, int type, int code, int rest, byte[] payload) {
        ByteBuffer icmp = ByteBuffer.allocate(8 + payload.length);
        icmp.put((byte) type).put((byte) code).putShort((short) 0).putInt(rest).put(payload);
        return new PacketBuilder(ICMP, source, destination, icmp.array());
    }

    /** Any other protocol. */
    public static PacketBuilder raw(int protocol, String source, String destination, byte[] body) {
        PacketBuilder builder = new PacketBuilder(protocol, source, destination, body);
        builder.noTransportChecksum = true;
        return builder;
    }

    private static void fill(ByteBuffer buffer) {
        for (int i = 0; buffer.hasRemaining(); i++) {
            buffer.put((byte) (i * 7 + 1));
        }
    }

    public PacketBuilder hardware(long from, long to) {
        sourceHardware = from;
        destinationHardware = to;
        return this;
    }

    public PacketBuilder ttl(int value) {
        ttl = value;
        return this;
    }

    public PacketBuilder tos(int value) {
        tos = value;
        return this;
    }

    public PacketBuilder identification(int value) {
        identification = value;
        return this;
    }

    /** Flags and fragment offset as one word; 0x4000 unless set. */
    public PacketBuilder fragmentWord(int value) {
        fragmentWord = value;
        return this;
    }

    /** IP options, a multiple of four bytes. */
    public PacketBuilder options(byte... value) {
        options = value;
        return this;
    }

    /** Bytes behind the IP packet. */
    public PacketBuilder padding(int bytes) {
        padding = bytes;
        return this;
    }

    /** The transport checksum field holds only the pseudo header's sum. */
    public PacketBuilder partialChecksum() {
        partial = true;
        return this;
    }

    /** A super-frame of segments of so many bytes; its checksum is partial. */
    public PacketBuilder segmented(int bytes) {
        segmentSize = bytes;
        return partialChecksum();
    }

    /** The transport checksum stays 0. */
    public PacketBuilder noTransportChecksum() {
        noTransportChecksum = true;
        return this;
    }

    /** Changes a byte of the transport header or payload before the checksum is made. */
    public PacketBuilder with(int offset, int value) {
        body[offset] = (byte) value;
        return this;
    }

    /** Changes four bytes of the transport header or payload before the checksum is made. */
    public PacketBuilder with32(int offset, int value) {
        ByteBuffer.wrap(body).putInt(offset, value);
        return this;
    }

    /**
     * The IP packet alone, as an ICMP error quotes it: {@code transportBytes} behind its header.
     */
    public byte[] quote(int transportBytes) {
        byte[] frame = build();
        int length = 20 + options.length + transportBytes;
        byte[] quoted = new byte[length];
        System.arraycopy(frame, VNET + ETHERNET, quoted, 0, length);
        return quoted;
    }

    public byte[] build() {
        int headerLength = 20 + options.length;
        int totalLength = headerLength + body.length;
        ByteBuffer frame = ByteBuffer.allocate(VNET + ETHERNET + totalLength + padding);
        putVnetHeader(frame, headerLength);
        putHardware(frame, destinationHardware);
        putHardware(frame, sourceHardware);
        frame.putShort((short) 0x0800);
        frame.put((byte) (0x40 | headerLength / 4)).put((byte) tos).putShort((short) totalLength);
        frame.putShort((short) identification).putShort((short) fragmentWord);
        frame.put((byte) ttl).put((byte) protocol).putShort((short) 0);
        frame.putInt(Lan.address(source)).putInt(Lan.address(destination));
        frame.put(options).put(body);
        for (int i = 0; i < padding; i++) {
            frame.put((byte) 0xAA);
        }
        byte[] bytes = frame.array();
        int ip = VNET + ETHERNET;
        putShort(bytes, ip + 10, ~InternetChecksum.sum(bytes, ip, headerLength, 0));
        if (!noTransportChecksum) {
            putTransportChecksum(bytes, ip, ip + headerLength);
        }
        return bytes;
    }

    private void putVnetHeader(ByteBuffer frame, int headerLength) {
        frame.order(ByteOrder.nativeOrder());
        frame.put((byte) (partial ? 1 : 0)).put((byte) (segmentSize == 0 ? 0 : 1));
        int transportHeader = protocol == TCP ? 20 : 8;
        frame.putShort((short) (segmentSize == 0 ? 0 : ETHERNET + headerLength + transportHeader));
        frame.putShort((short) segmentSize);
        frame.putShort((short) (partial ? ETHERNET + headerLength : 0));
        frame.putShort((short) (partial ? transportChecksumOffset : 0));
        frame.order(ByteOrder.BIG_ENDIAN);
    }

    private void putTransportChecksum(byte[] bytes, int ip, int transport) {
        int field = transport + transportChecksumOffset;
        int pseudo = protocol == ICMP ? 0 : InternetChecksum.pseudoHeader(bytes, ip, body.length);
        if (partial) {
            putShort(bytes, field, pseudo);
            return;
        }
        int checksum = ~InternetChecksum.sum(bytes, transport, body.length, pseudo) & 0xFFFF;
        putShort(bytes, field, protocol == UDP && checksum == 0 ? 0xFFFF : checksum);
    }

    private static void putHardware(ByteBuffer frame, long address) {
        frame.putShort((short) (address >> 32)).putInt((int) address);
    }

    private static void putShort(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >> 8);
        bytes[offset + 1] = (byte) value;
    }
}
