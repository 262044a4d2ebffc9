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

/** One operation is one IPv4 record, in full datagrams of 40 as a kernel master sends them. */
@State(Scope.Thread)
public class CodecBenchmark {
    private static final int RECORDS = 40;
    private static final int SYNC_ID = 7;
    private static final int MAX_LENGTH = 1472;

    private final SyncEncoder encoder = new SyncEncoder(SYNC_ID, MAX_LENGTH);
    private final SyncDecoder decoder = new SyncDecoder();
    private final SyncRecord record = new SyncRecord();
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(MAX_LENGTH);
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(MAX_LENGTH);
    private final SyncRecordHandler reader = this::read;
    private int clientAddress = 0x0A000001;
    private long sum;

    public CodecBenchmark() {
        fill(incoming);
    }

    /** Forty records and a header written into a direct buffer. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int encode() {
        return fill(outgoing);
    }

    /** Forty records checked and all their fields read. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long decode() {
        if (decoder.decode(incoming, SYNC_ID, reader) != SyncVerdict.ACCEPTED) {
            throw new IllegalStateException("the decoder refused the encoder's datagram");
        }
        return sum;
    }

    private void read(SyncRecord record) {
        sum +=
                record.protocol()
                        + record.flags()
                        + record.state()
                        + record.clientPort()
                        + record.virtualPort()
                        + record.realPort()
                        + record.fwmark()
                        + record.timeoutSeconds()
                        + record.clientAddress()
                        + record.virtualAddress()
                        + record.realAddress();
    }

    private int fill(ByteBuffer buffer) {
        encoder.wrap(buffer);
        while (encoder.claim(record, false)) {
            record.protocol(IpProtocol.TCP)
                    .flags(0)
                    .state(1)
                    .clientPort(40_000)
                    .virtualPort(80)
                    .realPort(8080)
                    .fwmark(0)
                    .timeoutSeconds(900)
                    .clientAddress(clientAddress++)
                    .virtualAddress(0x0A4D0164)
                    .realAddress(0x0A4D020B);
        }
        return encoder.finish();
    }
}
