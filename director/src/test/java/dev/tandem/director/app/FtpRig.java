package dev.tandem.director.app;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionKey;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.conn.ReplicationHook;
import dev.tandem.director.io.Memory;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.service.Services;
import dev.tandem.director.testing.FrameChecker;
import dev.tandem.director.testing.Lan;
import dev.tandem.director.testing.PacketBuilder;
import dev.tandem.director.testing.Packets;
import dev.tandem.sync.wire.SyncFlags;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A control connection whose packets are put through {@link Apps} one by one. Every packet that
 * comes out is checked as any frame is.
 */
final class FtpRig implements AutoCloseable {
    static final int SYN = 0x02;
    static final int ACK = 0x10;

    private final Arena arena = Arena.ofConfined();
    final ConnectionTable table = new ConnectionTable(1024);
    final List<String> expected = new ArrayList<>();
    final AppCounters counters = new AppCounters();

    /** Where each announced connection is for a moment. */
    private final ConnectionTable announced = new ConnectionTable(1024);

    final Apps apps = new Apps(table, this::expect, List.of(21, 2121), counters, arena);
    final String client;
    final String virtual;
    final String server;
    final long entry;
    boolean full;
    boolean partial;

    /** Payload of a packet that came out, its numbers, and what became of it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sent(Verdict verdict, int sequence, int acknowledgment, String text, byte[] frame) {
        int end() {
            return sequence + text.length();
        }
    }

    FtpRig(String client, String virtual, String server) {
        this.client = client;
        this.virtual = virtual;
        this.server = server;
        InetAddress from = Lan.inet(client);
        InetAddress to = Lan.inet(virtual);
        InetAddress real = Lan.inet(server);
        if (client.indexOf(':') < 0) {
            entry =
                    table.add(
                            6,
                            Lan.address(client),
                            40000,
                            Lan.address(virtual),
                            21,
                            Lan.address(server),
                            21,
                            SyncFlags.MASQ);
        } else {
            ConnectionKey key =
                    new ConnectionKey()
                            .set(
                                    0,
                                    6,
                                    Addresses.high(from),
                                    Addresses.low(from),
                                    40000,
                                    Addresses.high(to),
                                    Addresses.low(to),
                                    21);
            entry =
                    table.add(
                            key,
                            true,
                            Addresses.high(real),
                            Addresses.low(real),
                            21,
                            SyncFlags.MASQ);
        }
        var connections = new Connections(table, new Services(), ReplicationHook.NONE);
        connections.clientPacket(entry, Packets.of(SYN, 60), 0);
        connections.serverPacket(entry, Packets.of(SYN | ACK, 60), 0);
        connections.clientPacket(entry, Packets.of(ACK, 60), 0);
    }

    /** IPv4, or IPv6. */
    static FtpRig of(boolean ipv6) {
        return ipv6
                ? new FtpRig("2001:db8:1::9", "2001:db8:1::100", "2001:db8:2::11")
                : new FtpRig("10.77.1.9", "10.77.1.100", "10.77.2.11");
    }

    private long expect(
            long control,
            ConnectionKey key,
            long realHigh,
            long realLow,
            int realPort,
            long nowNs) {
        if (full) {
            return ConnectionTable.NONE;
        }
        boolean ipv6 = ConnectionEntry.isIpv6(control);
        long entry = announced.add(key, ipv6, realHigh, realLow, realPort, SyncFlags.MASQ);
        expected.add(
                "%s %s %s"
                        .formatted(
                                text(
                                        ipv6,
                                        ConnectionEntry.clientHigh(entry),
                                        ConnectionEntry.clientLow(entry),
                                        ConnectionEntry.clientPort(entry)),
                                text(
                                        ipv6,
                                        ConnectionEntry.virtualHigh(entry),
                                        ConnectionEntry.virtualLow(entry),
                                        ConnectionEntry.virtualPort(entry)),
                                text(ipv6, realHigh, realLow, realPort)));
        announced.remove(entry);
        return control;
    }

    private static String text(boolean ipv6, long high, long low, int port) {
        ByteBuffer bytes = ByteBuffer.allocate(ipv6 ? 16 : 4);
        if (ipv6) {
            bytes.putLong(high).putLong(low);
        } else {
            bytes.putInt((int) low);
        }
        try {
            return InetAddress.getByAddress(bytes.array()).getHostAddress() + " " + port;
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    Sent fromClient(int sequence, int acknowledgment, String text, int... options) {
        return put(false, ACK, sequence, acknowledgment, text, options);
    }

    Sent fromServer(int sequence, int acknowledgment, String text, int... options) {
        return put(true, ACK, sequence, acknowledgment, text, options);
    }

    Sent put(
            boolean ofServer,
            int flags,
            int sequence,
            int acknowledgment,
            String text,
            int... options) {
        byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
        int header = options.length;
        PacketBuilder builder =
                ofServer
                        ? PacketBuilder.tcp(
                                server, 21, client, 40000, flags, header + payload.length)
                        : PacketBuilder.tcp(
                                client, 40000, virtual, 21, flags, header + payload.length);
        builder.with32(4, sequence).with32(8, acknowledgment).with(12, ((20 + header) / 4) << 4);
        for (int i = 0; i < header; i++) {
            builder.with(20 + i, options[i]);
        }
        for (int i = 0; i < payload.length; i++) {
            builder.with(20 + header + i, payload[i]);
        }
        return put(ofServer, (partial ? builder.partialChecksum() : builder).build());
    }

    Sent put(boolean ofServer, byte[] bytes) {
        long base = arena.allocate(PacketPort.HEADROOM_BYTES + bytes.length, 8).address();
        long frame = base + PacketPort.HEADROOM_BYTES + PacketBuilder.VNET;
        for (int i = 0; i < bytes.length; i++) {
            Memory.putByte(frame - PacketBuilder.VNET + i, bytes[i]);
        }
        Frame packet = new Frame();
        if (packet.parse(frame, bytes.length - PacketBuilder.VNET) != null) {
            throw new AssertionError("the test's packet is malformed");
        }
        Verdict verdict =
                ofServer ? apps.fromServer(packet, entry, 0) : apps.fromClient(packet, entry, 0);
        byte[] out = new byte[packet.length + PacketBuilder.VNET];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) Memory.getByte(packet.frame - PacketBuilder.VNET + i);
        }
        if (verdict != Verdict.DROP) {
            FrameChecker.check(out);
        }
        int payload = packet.tcpPayloadLength();
        return new Sent(
                verdict,
                Memory.getIntBe(packet.transport + Tcp.SEQUENCE_OFFSET),
                Memory.getIntBe(packet.transport + Tcp.ACKNOWLEDGMENT_OFFSET),
                new String(out, out.length - payload, payload, StandardCharsets.ISO_8859_1),
                out);
    }

    @Override
    public void close() {
        announced.close();
        table.close();
        arena.close();
    }
}
