package dev.tandem.director.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes frames for tests: the ten bytes of the virtio-net header, Ethernet, IPv4 or IPv6 (after
 * the addresses' looks) and what it carries. Every checksum is right unless a method says
 * otherwise.
 */
public final class PacketBuilder {
    public static final int VNET = 10;
    public static final int ETHERNET = 14;

    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP6 = 58;
    private static final int SCTP = 132;
    private static final int FRAGMENT_HEADER = 44;
    private static final int AH = 51;

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
    private final List<Integer> extensions = new ArrayList<>();
    private final List<byte[]> extensionBodies = new ArrayList<>();
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
        this.transportChecksumOffset =
                switch (protocol) {
                    case TCP -> 16;
                    case UDP -> 6;
                    case SCTP -> 8;
                    default -> 2;
                };
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

    /** One chunk of a type, with so many bytes behind its header. */
    public static PacketBuilder sctp(
            String source, int sourcePort, String destination, int port, int chunk, int payload) {
        ByteBuffer sctp = ByteBuffer.allocate(16 + payload);
        sctp.putShort((short) sourcePort).putShort((short) port).putInt(0xCAFE_F00D).putInt(0);
        sctp.put((byte) chunk).put((byte) 0).putShort((short) (4 + payload));
        fill(sctp);
        return new PacketBuilder(SCTP, source, destination, sctp.array());
    }

    /** ICMP, or ICMPv6 between IPv6 addresses. */
    public static PacketBuilder icmp(
            String source, String destination, int type, int code, int rest, byte[] payload) {
        ByteBuffer icmp = ByteBuffer.allocate(8 + payload.length);
        icmp.put((byte) type).put((byte) code).putShort((short) 0).putInt(rest).put(payload);
        int protocol = isIpv6(source) ? ICMP6 : ICMP;
        return new PacketBuilder(protocol, source, destination, icmp.array());
    }

    /** Any other protocol. */
    public static PacketBuilder raw(int protocol, String source, String destination, byte[] body) {
        PacketBuilder builder = new PacketBuilder(protocol, source, destination, body);
        builder.noTransportChecksum = true;
        return builder;
    }

    private static boolean isIpv6(String address) {
        return address.indexOf(':') >= 0;
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

    /** Type of service or traffic class. */
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

    /**
     * Another IPv6 extension header.
     *
     * @param content what follows next header and length: 6 bytes and a multiple of 8 (AH: of 4)
     */
    public PacketBuilder extension(int number, byte... content) {
        extensions.add(number);
        extensionBodies.add(content);
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
     * The IP packet alone, as an ICMP error quotes it: {@code transportBytes} behind its headers.
     */
    public byte[] quote(int transportBytes) {
        byte[] quoted = new byte[headerBytes() + transportBytes];
        System.arraycopy(build(), VNET + ETHERNET, quoted, 0, quoted.length);
        return quoted;
    }

    /** The whole IP packet alone. */
    public byte[] packet() {
        return quote(body.length);
    }

    /** A frame that carries this packet's IP packet in a tunnel, behind {@code between}. */
    public PacketBuilder inside(int number, String from, String to, byte... between) {
        byte[] inner = packet();
        ByteBuffer all = ByteBuffer.allocate(between.length + inner.length);
        all.put(between).put(inner);
        return raw(number, from, to, all.array());
    }

    private int headerBytes() {
        return isIpv6(source)
                ? 40 + extensionBodies.stream().mapToInt(body -> 2 + body.length).sum()
                : 20 + options.length;
    }

    public byte[] build() {
        int headerLength = headerBytes();
        int totalLength = headerLength + body.length;
        ByteBuffer frame = ByteBuffer.allocate(VNET + ETHERNET + totalLength + padding);
        putVnetHeader(frame, headerLength);
        putHardware(frame, destinationHardware);
        putHardware(frame, sourceHardware);
        boolean ipv6 = isIpv6(source);
        frame.putShort((short) (ipv6 ? 0x86DD : 0x0800));
        frame.put(ipv6 ? header6(totalLength - 40) : header4(totalLength));
        frame.put(body);
        for (int i = 0; i < padding; i++) {
            frame.put((byte) 0xAA);
        }
        byte[] bytes = frame.array();
        int ip = VNET + ETHERNET;
        if (!noTransportChecksum) {
            putTransportChecksum(bytes, ip, ip + headerLength);
        }
        return bytes;
    }

    private byte[] header4(int totalLength) {
        ByteBuffer header = ByteBuffer.allocate(20 + options.length);
        header.put((byte) (0x40 | header.capacity() / 4)).put((byte) tos);
        header.putShort((short) totalLength);
        header.putShort((short) identification).putShort((short) fragmentWord);
        header.put((byte) ttl).put((byte) protocol).putShort((short) 0);
        header.putInt(Lan.address(source)).putInt(Lan.address(destination)).put(options);
        byte[] bytes = header.array();
        putShort(bytes, 10, ~InternetChecksum.sum(bytes, 0, bytes.length, 0));
        return bytes;
    }

    private byte[] header6(int payloadLength) {
        ByteBuffer header = ByteBuffer.allocate(40);
        header.putInt(0x6000_0000 | tos << 20).putShort((short) payloadLength);
        header.put((byte) next(0)).put((byte) ttl);
        header.put(Lan.inet(source).getAddress()).put(Lan.inet(destination).getAddress());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(header.array());
        for (int i = 0; i < extensions.size(); i++) {
            byte[] content = extensionBodies.get(i);
            int size = content.length + 2;
            all.write(next(i + 1));
            all.write(
                    switch (extensions.get(i)) {
                        case FRAGMENT_HEADER -> 0;
                        case AH -> size / 4 - 2;
                        default -> size / 8 - 1;
                    });
            all.writeBytes(content);
        }
        return all.toByteArray();
    }

    private int next(int i) {
        return i == extensions.size() ? protocol : extensions.get(i);
    }

    private void putVnetHeader(ByteBuffer frame, int headerLength) {
        frame.order(ByteOrder.nativeOrder());
        int gso = protocol == UDP ? 5 : isIpv6(source) ? 4 : 1;
        frame.put((byte) (partial ? 1 : 0)).put((byte) (segmentSize == 0 ? 0 : gso));
        int transportHeader = protocol == TCP ? 20 : 8;
        frame.putShort((short) (segmentSize == 0 ? 0 : ETHERNET + headerLength + transportHeader));
        frame.putShort((short) segmentSize);
        frame.putShort((short) (partial ? ETHERNET + headerLength : 0));
        frame.putShort((short) (partial ? transportChecksumOffset : 0));
        frame.order(ByteOrder.BIG_ENDIAN);
    }

    private void putTransportChecksum(byte[] bytes, int ip, int transport) {
        int field = transport + transportChecksumOffset;
        if (protocol == SCTP) {
            if (!partial) {
                putCrc(bytes, transport);
            }
            return;
        }
        int pseudo =
                protocol == ICMP
                        ? 0
                        : InternetChecksum.pseudoHeader(bytes, ip, protocol, body.length);
        if (partial) {
            putShort(bytes, field, pseudo);
            return;
        }
        int checksum = ~InternetChecksum.sum(bytes, transport, body.length, pseudo) & 0xFFFF;
        putShort(bytes, field, protocol == UDP && checksum == 0 ? 0xFFFF : checksum);
    }

    private void putCrc(byte[] bytes, int transport) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, transport, body.length);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(transport + 8, (int) crc.getValue());
    }

    private static void putHardware(ByteBuffer frame, long address) {
        frame.putShort((short) (address >> 32)).putInt((int) address);
    }

    private static void putShort(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >> 8);
        bytes[offset + 1] = (byte) value;
    }
}
