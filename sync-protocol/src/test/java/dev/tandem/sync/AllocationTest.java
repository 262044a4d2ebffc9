package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncRecord;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Encoder, decoder and policy must not allocate, neither for a record nor for a datagram. */
class AllocationTest {
    private static final int RECORDS = 100_000;
    private static final int WARM_UP_ROUNDS = 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final SyncEncoder encoder = new SyncEncoder(7, 1472);
    private final SyncDecoder decoder = new SyncDecoder("sip");
    private final SyncRecord written = new SyncRecord();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1472);
    private long addressSum;
    private final SyncRecordHandler handler = record -> addressSum += record.clientAddress();

    @Test
    void shouldNotAllocateWhenWritingAndReading() {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            exchange();
        }
        measure(this::nothing);
        assertEquals(0, measure(this::exchange));
        assertTrue(addressSum > 0);
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

    private void exchange() {
        int done = 0;
        while (done < RECORDS) {
            encoder.wrap(buffer);
            while (encoder.claim(written, false)) {
                written.protocol(IpProtocol.TCP).state(1).clientAddress(done).timeoutSeconds(900);
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
