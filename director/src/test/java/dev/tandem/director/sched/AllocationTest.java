package dev.tandem.director.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tandem.director.packet.Packet;
import java.lang.management.ManagementFactory;
import java.util.SortedSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Picks allocate nothing; an address that lblc or lblcr meets first, a little. */
class AllocationTest {
    private static final int PICKS = 50_000;
    private static final int ADDRESSES = 1000;

    /** A compiler that deoptimizes may allocate a little, once; a pick may not. */
    private static final long TOLERANCE_BYTES = 4096;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static SortedSet<String> names() {
        return Schedulers.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldAllocateNothingWhenPicking(String name) {
        SchedulerContext withFallback = SchedulerContext.of(SchedulerContext.FLAG_1);
        Pool pool = new Pool(Schedulers.create(name, withFallback)).bind("D1 C2x B3 A4/1");
        Scheduler scheduler = pool.scheduler;
        Candidate[] servers = pool.list();
        Packet flow = Pool.flow(Pool.CLIENT, 40000, Pool.VIRTUAL);
        long first = allocated(scheduler, servers, flow);
        long later = allocated(scheduler, servers, flow);

        assertEquals(0, later / TOLERANCE_BYTES, later + " bytes");
        if (name.startsWith("lblc")) {
            assertTrue(first / ADDRESSES < 200, first + " bytes for " + ADDRESSES);
        }
    }

    private long allocated(Scheduler scheduler, Candidate[] servers, Packet flow) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < PICKS; i++) {
            flow.sourceLow = (long) Pool.CLIENT + i % ADDRESSES;
            flow.destinationLow = (long) Pool.VIRTUAL + i % ADDRESSES;
            int picked = scheduler.pick(servers, flow, i);
            assertNotEquals(1, picked);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
