package dev.tandem.tools.bench.sync;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.io.VnetHeader;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Ethernet;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.director.packet.Tcp;
import dev.tandem.tools.demo.lab.LabPlan;
import java.lang.foreign.Arena;
import java.net.InetAddress;

/**
 * The frames that clients send: SYN, and later ACK and a segment of data. The third is what makes a
 * connection worth a record. One thread only; allocates nothing.
 */
final class ClientFrames {
    /** Frames that may be lined up before they are sent. */
    static final int BATCH = 128;

    private static final int BEFORE = 128;
    private static final int STRIDE = 256;
    private static final int PAYLOAD = 16;
    private static final int WINDOW = 64_240;
    private static final int PSH = 0x08;
    private static final int FIRST_PORT = 1024;
    private static final int PORTS = 60_000;
    private static final int VIRTUAL = Addresses.toInt(InetAddress.ofLiteral(LabPlan.VIRTUAL));

    private final PacketPort port;
    private final long director;
    private final long memory;
    private int used;

    /**
     * @param director link-level address of the director that has the virtual address
     */
    ClientFrames(PacketPort port, long director, Arena arena) {
        this.port = port;
        this.director = director;
        memory = arena.allocate((long) BATCH * STRIDE, 64).address();
    }

    /** Lines up the first packet of a connection. */
    void open(int connection) {
        add(connection, Tcp.SYN, 1, 0);
    }

    /** Lines up the two packets that follow the server's answer. */
    void establish(int connection) {
        add(connection, Tcp.ACK, 2, 0);
        add(connection, Tcp.ACK | PSH, 2, PAYLOAD);
    }

    /** Whether another connection's frames have room. */
    boolean hasRoom() {
        return used + 2 <= BATCH;
    }

    /** Sends what is lined up. */
    void send() {
        port.flush();
        used = 0;
    }

    private void add(int connection, int flags, int sequence, int payload) {
        long frame = memory + (long) used++ * STRIDE + BEFORE;
        int client = SyncBenchOptions.client(connection);
        int length = Tcp.MIN_HEADER_LENGTH + payload;
        long ip = frame + Ethernet.HEADER_LENGTH;
        long tcp = ip + Ipv4.MIN_HEADER_LENGTH;
        VnetHeader.clear(frame);
        Ethernet.write(frame, director, port.hardwareAddress(), Ethernet.TYPE_IPV4);
        Ipv4.write(ip, Ipv4.MIN_HEADER_LENGTH + length, Ipv4.PROTOCOL_TCP, client, VIRTUAL);
        Memory.putShortBe(tcp + Tcp.SOURCE_PORT_OFFSET, FIRST_PORT + connection % PORTS);
        Memory.putShortBe(tcp + Tcp.DESTINATION_PORT_OFFSET, SyncBenchOptions.PORT);
        Memory.putIntBe(tcp + Tcp.SEQUENCE_OFFSET, sequence);
        Memory.putIntBe(tcp + Tcp.ACKNOWLEDGMENT_OFFSET, (flags & Tcp.SYN) == 0 ? 1 : 0);
        Memory.putByte(tcp + Tcp.DATA_OFFSET_OFFSET, (Tcp.MIN_HEADER_LENGTH / 4) << 4);
        Memory.putByte(tcp + Tcp.FLAGS_OFFSET, flags);
        Memory.putShortBe(tcp + Tcp.WINDOW_OFFSET, WINDOW);
        Memory.putShortBe(tcp + Tcp.CHECKSUM_OFFSET, 0);
        Memory.putShortBe(tcp + Tcp.URGENT_OFFSET, 0);
        Memory.putShortBe(
                tcp + Tcp.CHECKSUM_OFFSET,
                Checksums.transport(client, VIRTUAL, Ipv4.PROTOCOL_TCP, tcp, length));
        port.enqueue(frame, Ethernet.HEADER_LENGTH + Ipv4.MIN_HEADER_LENGTH + length);
    }
}
