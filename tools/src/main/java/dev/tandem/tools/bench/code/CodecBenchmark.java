package dev.tandem.tools.bench.code;

import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.SyncRecordHandler;
import dev.tandem.sync.SyncVerdict;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncRecord;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One operation is one record, in full datagrams as a kernel master sends them: 50 ns are 20
 * million records a second. Encoding writes every field and the header into a direct buffer;
 * decoding makes every check and reads every field.
 */
@State(Scope.Thread)
public class CodecBenchmark {
    private static final int IPV4_RECORDS = 40;
    private static final int IPV6_RECORDS = 20;
    private static final int VERSION_0_RECORDS = 61;
    private static final int SYNC_ID = 7;
    private static final int MAX_LENGTH = 1472;
    private static final long PREFIX = 0xFD01_0000_0000_0000L;

    private final SyncEncoder encoder = new SyncEncoder(SYNC_ID, MAX_LENGTH);
    private final SyncEncoder encoderV0 = new SyncEncoder(SYNC_ID, MAX_LENGTH, 0);
    private final SyncDecoder decoder = new SyncDecoder("sip");
    private final SyncRecord record = new SyncRecord();
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(MAX_LENGTH);
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(MAX_LENGTH);
    private final ByteBuffer incomingIpv6 = ByteBuffer.allocateDirect(MAX_LENGTH);
    private final ByteBuffer incomingV0 = ByteBuffer.allocateDirect(MAX_LENGTH);
    private final SyncRecordHandler reader = this::read;
    private final SyncRecordHandler readerIpv6 = this::readIpv6;
    private int clientAddress = 0x0A000001;
    private long sum;

    public CodecBenchmark() {
        fill(encoder, incoming);
        fillIpv6(incomingIpv6);
        fill(encoderV0, incomingV0);
    }

    @Benchmark
    @OperationsPerInvocation(IPV4_RECORDS)
    public int encode() {
        outgoing.clear();
        return fill(encoder, outgoing);
    }

    @Benchmark
    @OperationsPerInvocation(IPV6_RECORDS)
    public int encodeIpv6() {
        outgoing.clear();
        return fillIpv6(outgoing);
    }

    @Benchmark
    @OperationsPerInvocation(VERSION_0_RECORDS)
    public int encodeVersion0() {
        outgoing.clear();
        return fill(encoderV0, outgoing);
    }

    @Benchmark
    @OperationsPerInvocation(IPV4_RECORDS)
    public long decode() {
        return decode(incoming, reader);
    }

    @Benchmark
    @OperationsPerInvocation(IPV6_RECORDS)
    public long decodeIpv6() {
        return decode(incomingIpv6, readerIpv6);
    }

    @Benchmark
    @OperationsPerInvocation(VERSION_0_RECORDS)
    public long decodeVersion0() {
        return decode(incomingV0, reader);
    }

    private long decode(ByteBuffer datagram, SyncRecordHandler handler) {
        if (decoder.decode(datagram, SYNC_ID, handler) != SyncVerdict.ACCEPTED) {
            throw new IllegalStateException("the decoder refused the encoder's datagram");
        }
        return sum;
    }

    private void read(SyncRecord record) {
        sum +=
                common(record)
                        + record.clientAddress()
                        + record.virtualAddress()
                        + record.realAddress();
    }

    private void readIpv6(SyncRecord record) {
        sum +=
                common(record)
                        + record.clientAddressHigh()
                        + record.clientAddressLow()
                        + record.virtualAddressHigh()
                        + record.virtualAddressLow()
                        + record.realAddressHigh()
                        + record.realAddressLow();
    }

    private static long common(SyncRecord record) {
        return record.protocol()
                + record.flags()
                + record.state()
                + record.clientPort()
                + record.virtualPort()
                + record.realPort()
                + record.fwmark()
                + record.timeoutSeconds();
    }

    private int fill(SyncEncoder encoder, ByteBuffer buffer) {
        encoder.wrap(buffer);
        while (encoder.claim(record, false)) {
            fillCommon()
                    .clientAddress(clientAddress++)
                    .virtualAddress(0x0A4D0164)
                    .realAddress(0x0A4D020B);
        }
        return encoder.finish();
    }

    private int fillIpv6(ByteBuffer buffer) {
        encoder.wrap(buffer);
        while (encoder.claim(record, true)) {
            fillCommon()
                    .clientAddress(PREFIX, clientAddress++)
                    .virtualAddress(PREFIX, 0x100)
                    .realAddress(PREFIX, 0x20B);
        }
        return encoder.finish();
    }

    private SyncRecord fillCommon() {
        return record.protocol(IpProtocol.TCP)
                .flags(0)
                .state(1)
                .clientPort(40_000)
                .virtualPort(80)
                .realPort(8080)
                .fwmark(0)
                .timeoutSeconds(900);
    }
}
