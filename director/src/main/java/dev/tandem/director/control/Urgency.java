package dev.tandem.director.control;

import dev.tandem.director.io.Native;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the threads on which packets and heartbeats wait before all others of the host.
 *
 * <p>In the moment of a failover everything wants the processor: the compiler of the new master,
 * its reports, its API. On a busy host the packet loop was seen waiting for 15 ms at a time. Before
 * all others is not at once: the kernel lets who runs finish a slice, or wait for its next tick. A
 * thread that asks for a short slice itself need not wait for those of longer ones.
 */
public final class Urgency {
    private static final Logger LOG = LoggerFactory.getLogger(Urgency.class);

    /** Well before ordinary threads (0), behind what a host may need to save itself (-20). */
    private static final int NICE = -15;

    /** The shortest there is; the usual one is 1.4 ms or more. */
    private static final long SLICE_NS = 100_000;

    private Urgency() {}

    /** Raises the calling thread; without CAP_SYS_NICE it stays as it is, which is logged. */
    public static void raise() {
        try {
            Native.schedule(NICE, SLICE_NS);
        } catch (IOException e) {
            LOG.info(
                    "{} runs at ordinary priority: {}",
                    Thread.currentThread().getName(),
                    e.getMessage());
        }
    }
}
