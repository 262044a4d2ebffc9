package dev.tandem.tools.interop;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A sync message with something odd about it, made of bytes and not by our encoder. Most have three
 * records of connections 10.81.0.2:PORT → 10.81.200.1:80 → 10.82.0.101:80, the odd one in the
 * middle; the client ports, four of its own to each message, tell afterwards what was taken.
 */
final class OddDatagram {
    static final int PORTS = 4;

    private final String name;
    private final int port;
    private final List<byte[]> records = new ArrayList<>();
    private byte[] tail = {};
    private int version = 1;
    private int spare;
    private int firstByte = -1;
    private int syncId = Plan.SYNC_ID;
    private int count = -1;
    private int sizeError;
    private byte[] raw = {};

    /**
     * @param port the first of its client ports
     */
    OddDatagram(String name, int port) {
        this.name = name;
        this.port = port;
    }

    /** A record of the connection from its port number {@code n}, TCP and established. */
    byte[] record(int n) {
        ByteBuffer bytes = ByteBuffer.allocate(36);
        bytes.put(1, (byte) 6).putShort(2, (short) 36).putShort(8, (short) 1);
        bytes.putShort(10, (short) (port + n)).putShort(12, (short) 80).putShort(14, (short) 80);
        bytes.putInt(20, 500).putInt(24, 0x0A510002).putInt(28, 0x0A51C801).putInt(32, 0x0A520065);
        return bytes.array();
    }

    /** Three records, the middle one with these bytes over it, in hexadecimal. */
    OddDatagram middle(int offset, String hex) {
        byte[] odd = record(1);
        byte[] over = HexFormat.of().parseHex(hex);
        System.arraycopy(over, 0, odd, offset, over.length);
        return three(odd);
    }

    /** Three records, the middle one with these bytes behind it, which its length counts. */
    OddDatagram options(String hex) {
        return options(hex, record(1));
    }

    /** The same behind a template of a persistence engine's service. */
    OddDatagram engine(String hex) {
        byte[] template = record(1);
        ByteBuffer.wrap(template)
                .put(1, (byte) 17)
                .putInt(4, 0x1100)
                .putShort(12, (short) 5060)
                .putShort(14, (short) 5060)
                .putInt(24, 0x0A510000 | (port & 0xFFFF))
                .putShort(10, (short) 0);
        return options(hex, template);
    }

    private OddDatagram options(String hex, byte[] record) {
        byte[] options = HexFormat.of().parseHex(hex);
        byte[] odd = Arrays.copyOf(record, record.length + options.length);
        System.arraycopy(options, 0, odd, record.length, options.length);
        ByteBuffer.wrap(odd).putShort(2, (short) odd.length);
        return three(odd);
    }

    /** Three records, this one in the middle. */
    OddDatagram three(byte[] odd) {
        records.clear();
        records.add(record(0));
        records.add(odd);
        records.add(record(2));
        return this;
    }

    OddDatagram tail(int length) {
        tail = new byte[length];
        Arrays.fill(tail, (byte) 0x5A);
        return this;
    }

    OddDatagram version(int version) {
        this.version = version;
        return this;
    }

    OddDatagram spare(int spare) {
        this.spare = spare;
        return this;
    }

    OddDatagram firstByte(int value) {
        firstByte = value;
        return this;
    }

    OddDatagram syncId(int syncId) {
        this.syncId = syncId;
        return this;
    }

    OddDatagram count(int count) {
        this.count = count;
        return this;
    }

    OddDatagram sizeError(int difference) {
        sizeError = difference;
        return this;
    }

    /** These bytes and no others, in hexadecimal. */
    OddDatagram raw(String hex) {
        raw = HexFormat.of().parseHex(hex);
        return this;
    }

    /** A version 0 message of one record with this protocol, these flags and this state. */
    OddDatagram version0(int protocol, int flags, int state, int more) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 24 + more);
        bytes.put((byte) 1).put((byte) Plan.SYNC_ID).putShort((short) bytes.capacity());
        bytes.put((byte) 0).put((byte) protocol).putShort((short) port).putShort((short) 80);
        bytes.putShort((short) 80).putInt(0x0A510002).putInt(0x0A51C801).putInt(0x0A520065);
        bytes.putShort((short) flags).putShort((short) state);
        raw = bytes.array();
        return this;
    }

    byte[] bytes() {
        if (raw.length > 0) {
            return raw.clone();
        }
        var out = new ByteArrayOutputStream();
        for (byte[] record : records) {
            out.writeBytes(new byte[-out.size() & 3]);
            out.writeBytes(record);
        }
        out.writeBytes(tail);
        ByteBuffer message = ByteBuffer.allocate(8 + out.size());
        message.put((byte) Math.max(firstByte, 0)).put((byte) syncId);
        message.putShort((short) (message.capacity() + sizeError));
        message.put((byte) (count < 0 ? records.size() : count)).put((byte) version);
        message.putShort((short) spare).put(out.toByteArray());
        return message.array();
    }

    /** Whether a row of a table came of this message. */
    boolean owns(TableRow row) {
        int of = Integer.parseInt(row.client().substring(row.client().lastIndexOf(':') + 1));
        boolean template = of == 0;
        int host = template ? hostPart(row.client()) : of;
        return host >= port && host < port + PORTS;
    }

    /** Templates have no client port: theirs is the last half of the address. */
    private static int hostPart(String client) {
        String[] bytes = client.substring(0, client.lastIndexOf(':')).split("\\.", -1);
        return bytes.length == 4
                ? Integer.parseInt(bytes[2]) * 256 + Integer.parseInt(bytes[3])
                : 0;
    }

    @Override
    public String toString() {
        return name;
    }
}
