package dev.tandem.tools.sync;

import dev.tandem.sync.capture.CapturedDatagram;
import dev.tandem.sync.capture.DatagramHandler;
import dev.tandem.sync.capture.FrameVerdict;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When reading ends: after so many datagrams, after a time, or with Ctrl-C, which leaves a command
 * the moment that it needs to write what it has.
 */
final class Ending implements AutoCloseable {
    private static final long GOODBYE_MS = 3000;

    private final long count;
    private final double seconds;
    private final long startNs = System.nanoTime();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final @Nullable Thread hook;
    private volatile boolean interrupted;
    private long seen;

    Ending(long count, double seconds, boolean interruptible) {
        this.count = count;
        this.seconds = seconds;
        hook = interruptible ? new Thread(this::interrupt, "ending") : null;
        if (hook != null) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
    }

    boolean isReached() {
        return interrupted || seen >= count || (System.nanoTime() - startNs) / 1e9 >= seconds;
    }

    /** The handler, with its datagrams counted and none passed on beyond the last. */
    DatagramHandler counting(DatagramHandler handler) {
        return new DatagramHandler() {
            @Override
            public void onDatagram(CapturedDatagram datagram) {
                if (seen++ < count) {
                    handler.onDatagram(datagram);
                }
            }

            @Override
            public void onFault(FrameVerdict fault, CapturedDatagram datagram) {
                if (seen < count) {
                    handler.onFault(fault, datagram);
                }
            }
        };
    }

    /** Lets a process that was told to end do so. */
    @Override
    public void close() {
        closed.countDown();
        if (hook != null && !interrupted) {
            try {
                boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException _) {
                // it is running
            }
        }
    }

    private void interrupt() {
        interrupted = true;
        try {
            boolean _ = closed.await(GOODBYE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
