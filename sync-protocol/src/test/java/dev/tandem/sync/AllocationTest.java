package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncOption;
import dev.tandem.sync.wire.SyncOptions;
import dev.tandem.sync.wire.SyncRecord;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encoder, decoder and policy must not allocate, neither for a record nor for a datagram. */
class AllocationTest {
    private static final int RECORDS = 100_000;
    private static final int WARM_UP_ROUNDS = 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final SyncDecoder decoder = new SyncDecoder("sip");
    private final SyncRecord written = new SyncRecord();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1472);
    private final byte[] engineData = new byte[SyncOption.MAX_PE_DATA_LENGTH];
    private final byte[] engineName = {'s', 'i', 'p'};
    private long addressSum;
    private final SyncRecordHandler handler = this::read;

    @ParameterizedTest
    @CsvSource({"0, false, false", "0, false, true", "1, false, false", "1, true, true"})
    void shouldNotAllocateWhenWritingAndReading(int version, boolean ipv6, boolean options) {
        SyncEncoder encoder = new SyncEncoder(7, 1472, version);
        Runnable exchange = () -> exchange(encoder, ipv6, options);
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            exchange.run();
        }
        measure(this::nothing);
        assertEquals(0, measure(exchange));
        assertTrue(addressSum > 0);
    }

    private void read(SyncRecord record) {
        addressSum += record.clientAddress() & 0xFF;
        SyncOptions options = record.options();
        if (options.hasSequence()) {
            addressSum += options.inDelta();
        }
        addressSum += options.copyEngineData(engineData) + options.copyEngineName(engineName);
    }

    @Test
    void shouldNotAllocateWhenRefusing() {
        ByteBuffer mixed =
                TestMessage.of(
                                new TestRecord(1).option(1, new byte[24]),
                                new TestRecord(2).option(4, new byte[1]),
                                new TestRecord(3).protocol(200),
                                new TestRecord(4).ipv6(),
                                new TestRecord(5)
                                        .option(2, new byte[9])
                                        .option(3, new byte[] {'s', 'i', 'p'}),
                                new TestRecord(6).version(1))
                        .build();
        Runnable refuse =
                () -> {
                    for (int i = 0; i < RECORDS; i += 6) {
                        decoder.decode(mixed, 7, handler);
                    }
                };
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            refuse.run();
        }
        measure(this::nothing);
        assertEquals(0, measure(refuse));
    }

    @Test
    void shouldNotAllocateWhenDeciding() {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            decide();
        }
        measure(this::nothing);
        assertEquals(0, measure(this::decide));
    }

    private void exchange(SyncEncoder encoder, boolean ipv6, boolean options) {
        int length = options ? SyncOption.length(true, 20, engineName.length) : 0;
        int done = 0;
        while (done < RECORDS) {
            encoder.wrap(buffer.clear());
            while (encoder.claim(written, ipv6, length)) {
                written.protocol(IpProtocol.TCP).state(1).timeoutSeconds(900);
                written.clientAddress(done | 1);
                if (options) {
                    written.flags(SyncFlags.IN_SEQ);
                    encoder.appendSequence(1, 2, 3, 4, 5, 6);
                    encoder.appendEngine(engineData, 20, engineName, engineName.length);
                }
                done++;
            }
            encoder.finish();
            decoder.decode(buffer, 7, handler);
        }
    }

    private void decide() {
        for (int i = 0; i < RECORDS; i++) {
            addressSum +=
                    SyncPolicy.KERNEL_DEFAULT.decide(
                            IpProtocol.TCP, false, false, 1, 1, i, 0, 900_000, i);
            addressSum +=
                    SyncPolicy.KERNEL_DEFAULT.decideServerPacket(
                            IpProtocol.TCP, false, 6, 1, 900_000, i);
        }
    }

    private void nothing() {}

    private long measure(Runnable work) {
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
