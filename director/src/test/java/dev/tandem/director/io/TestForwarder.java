package dev.tandem.director.io;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Passes every frame from one port to the other and back, with new hardware addresses: the packet
 * loop without a packet path. Runs in a namespace on a thread of its own.
 */
final class TestForwarder implements AutoCloseable {
    private final FutureTask<Void> task;
    private final Wakeup wakeup = new Wakeup();
    private final AfPacketPort[] ports;
    private final long[] peers;
    private final long buffer;
    private volatile boolean stopped;
    private volatile long threadId;

    /** Frames that passed, and those among them that were super-frames. */
    private volatile long frames;

    private volatile long superFrames;

    /** {@code peers}: the hardware address to send to, per port. */
    TestForwarder(String namespace, List<String> devices, long[] peers) throws Exception {
        this.peers = peers;
        buffer = Arena.global().allocate(64).address();
        ports = new AfPacketPort[devices.size()];
        TestNamespaces.call(
                namespace,
                () -> {
                    for (int i = 0; i < ports.length; i++) {
                        ports[i] = AfPacketPort.open(devices.get(i), i);
                    }
                    return null;
                });
        task =
                TestNamespaces.start(
                        namespace,
                        () -> {
                            threadId = Thread.currentThread().threadId();
                            loop();
                            return null;
                        });
    }

    private void loop() {
        try (Poller poller = Poller.over(wakeup, List.of(ports))) {
            while (!stopped) {
                int work = 0;
                for (int i = 0; i < ports.length; i++) {
                    work +=
                            turn(
                                    ports[i],
                                    ports[ports.length - 1 - i],
                                    peers[ports.length - 1 - i]);
                    while (ports[i].receiveNeighbour(buffer, 64) > 0) {
                        work++;
                    }
                }
                if (work == 0) {
                    poller.poll(100);
                }
            }
        }
    }

    private int turn(AfPacketPort in, AfPacketPort out, long peer) {
        int n = in.receive(64);
        int large = 0;
        for (int i = 0; i < n; i++) {
            long frame = in.frame(i);
            Memory.putLongBe(frame, peer << 16 | out.hardwareAddress() >>> 32);
            Memory.putIntBe(frame + 8, (int) out.hardwareAddress());
            large += VnetHeader.isSegmented(frame) ? 1 : 0;
            out.enqueue(frame, in.length(i));
        }
        out.flush();
        in.release(n);
        count(n, large);
        return n;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void count(int n, int large) {
        frames += n;
        superFrames += large;
    }

    long frames() {
        return frames;
    }

    long superFrames() {
        return superFrames;
    }

    AfPacketPort port(int i) {
        return ports[i];
    }

    /** Bytes that the loop's thread has allocated on the Java heap. */
    long allocatedBytes() {
        return ManagementFactory.getPlatformMXBean(ThreadMXBean.class)
                .getThreadAllocatedBytes(threadId);
    }

    @Override
    public void close() throws ExecutionException, TimeoutException {
        stopped = true;
        wakeup.signal();
        try {
            task.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (AfPacketPort port : ports) {
            port.close();
        }
        wakeup.close();
    }
}
