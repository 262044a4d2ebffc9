package dev.tandem.tools.bench.code;

import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.hardening.HardenedLink;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.sync.transport.LoopLink;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What hardening adds to a full datagram of 39 records: one operation is one datagram, signed, kept
 * and sent, then verified, put in order and received. Nothing but memory lies between the two
 * links.
 */
@State(Scope.Thread)
public class HardeningBenchmark {
    private static final int SYNC_ID = 7;
    private static final int RECORDS = 39;
    private static final long STEP_NS = 1_000_000;

    private final LoopLink.Pair wire = new LoopLink.Pair();
    private final HardenedLink sender = link(wire.one());
    private final HardenedLink receiver = link(wire.other());
    private final SyncEncoder encoder = new SyncEncoder(SYNC_ID, LoopLink.LENGTH);
    private final SyncRecord record = new SyncRecord();
    private long nowNs;

    /** Lets the receiver come to believe the sender. */
    public HardeningBenchmark() {
        sender.epoch(1);
        sender.own();
        for (int i = 0; i < 100; i++) {
            nowNs += STEP_NS;
            sender.doWork(nowNs);
            ByteBuffer _ = receiver.receive();
            receiver.doWork(nowNs);
            ByteBuffer _ = sender.receive();
        }
        if (receiver.status().provenSenders() != 1) {
            throw new IllegalStateException("the receiver does not believe the sender");
        }
    }

    private static HardenedLink link(LoopLink end) {
        byte[] secret = "a secret for a benchmark".getBytes(StandardCharsets.UTF_8);
        return new HardenedLink(
                end, SYNC_ID, new HardeningConfig(Mode.ENFORCE, List.of(new SyncKey(1, secret))));
    }

    /** Written, signed, kept, sent; verified and received. */
    @Benchmark
    public int signAndVerify() {
        ByteBuffer datagram = sender.claim();
        if (datagram == null) {
            throw new IllegalStateException("no buffer");
        }
        encoder.wrap(datagram);
        while (encoder.claim(record, false)) {
            record.protocol(IpProtocol.TCP).state(1).clientAddress(encoder.count());
        }
        int records = encoder.count();
        encoder.finish();
        sender.send(datagram);
        ByteBuffer received = receiver.receive();
        if (received == null || records != RECORDS) {
            throw new IllegalStateException("not received, or not full: " + records);
        }
        int length = received.remaining();
        receiver.release(received);
        return length;
    }
}
