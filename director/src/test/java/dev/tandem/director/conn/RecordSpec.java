package dev.tandem.director.conn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncRecordHandler;
import dev.tandem.sync.SyncVerdict;
import dev.tandem.sync.wire.SyncOption;
import dev.tandem.sync.wire.SyncRecord;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A record of a sync message, written down as a test wants it; goes through the real codec. */
public final class RecordSpec {
    private final String client;
    private final int clientPort;
    private final String virtual;
    private final int virtualPort;
    private String real;
    private int realPort;
    private int protocol = 6;
    private int state = 1;
    private int flags;
    private int fwmark;
    private long timeoutSeconds = 600;
    private int[] sequence = {};
    private String engineName = "";
    private byte[] engineData = {};

    private RecordSpec(String client, String virtual, String real) {
        this.client = address(client);
        this.clientPort = port(client);
        this.virtual = address(virtual);
        this.virtualPort = port(virtual);
        this.real = address(real);
        this.realPort = port(real);
    }

    /** An established TCP connection of 600 s; addresses as ADDRESS:PORT or [IPV6]:PORT. */
    public static RecordSpec record(String client, String virtual, String real) {
        return new RecordSpec(client, virtual, real);
    }

    public RecordSpec protocol(int value) {
        protocol = value;
        return this;
    }

    public RecordSpec state(int value) {
        state = value;
        return this;
    }

    public RecordSpec flags(int value) {
        flags = value;
        return this;
    }

    public RecordSpec fwmark(int value) {
        fwmark = value;
        return this;
    }

    public RecordSpec timeout(long seconds) {
        timeoutSeconds = seconds;
        return this;
    }

    public RecordSpec sequence(int... six) {
        sequence = six;
        return this;
    }

    public RecordSpec engine(String name, String data) {
        return engine(name, data.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RecordSpec engine(String name, byte[] data) {
        engineName = name;
        engineData = data;
        return this;
    }

    /** Puts the record into a message, reads that, and hands the record over. */
    public void deliver(SyncDecoder decoder, SyncRecordHandler handler) {
        SyncEncoder encoder = new SyncEncoder(1, 1472);
        ByteBuffer buffer = ByteBuffer.allocateDirect(1472);
        encoder.wrap(buffer);
        SyncRecord record = new SyncRecord();
        int options =
                SyncOption.length(sequence.length > 0, engineData.length, engineName.length());
        assertTrue(encoder.claim(record, isIpv6(), options));
        record.protocol(protocol)
                .state(state)
                .flags(flags)
                .fwmark(fwmark)
                .timeoutSeconds(timeoutSeconds)
                .clientPort(clientPort)
                .virtualPort(virtualPort)
                .realPort(realPort);
        if (isIpv6()) {
            record.clientAddress(high(client), low(client))
                    .virtualAddress(high(virtual), low(virtual))
                    .realAddress(high(real), low(real));
        } else {
            record.clientAddress((int) low(client))
                    .virtualAddress((int) low(virtual))
                    .realAddress((int) low(real));
        }
        if (sequence.length > 0) {
            encoder.appendSequence(
                    sequence[0], sequence[1], sequence[2], sequence[3], sequence[4], sequence[5]);
        }
        if (engineData.length > 0) {
            byte[] name = engineName.getBytes(StandardCharsets.ISO_8859_1);
            encoder.appendEngine(engineData, engineData.length, name, name.length);
        }
        encoder.finish();
        int[] delivered = new int[1];
        SyncVerdict verdict =
                decoder.decode(
                        buffer,
                        1,
                        r -> {
                            delivered[0]++;
                            handler.onRecord(r);
                        });
        assertEquals(SyncVerdict.ACCEPTED, verdict);
        assertEquals(1, delivered[0], "the decoder skipped the record");
    }

    private boolean isIpv6() {
        return client.contains(":");
    }

    private static String address(String endpoint) {
        return endpoint.substring(0, endpoint.lastIndexOf(':')).replaceAll("[\\[\\]]", "");
    }

    private static int port(String endpoint) {
        return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }

    private static long high(String address) {
        return bytes(address).getLong(0);
    }

    /** The last 8 bytes, or an IPv4 address. */
    private static long low(String address) {
        return bytes(address).getLong(8);
    }

    private static ByteBuffer bytes(String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return ByteBuffer.allocate(16).put(16 - bytes.length, bytes);
    }
}
