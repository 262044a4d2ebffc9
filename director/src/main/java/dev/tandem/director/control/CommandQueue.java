package dev.tandem.director.control;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What other threads want done on the worker thread. Looking into an empty queue allocates nothing.
 */
final class CommandQueue {
    /** Something to do on the worker thread; it answers by completing the future, now or later. */
    interface Command<T> {
        void run(CompletableFuture<T> result, long nowNs);
    }

    private record Entry<T>(Command<T> command, CompletableFuture<T> result) {
        void run(long nowNs) {
            try {
                command.run(result, nowNs);
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        }
    }

    private final Queue<Entry<?>> entries = new ConcurrentLinkedQueue<>();
    private final Runnable wakeUp;
    private volatile boolean closed;

    /**
     * @param wakeUp wakes the worker
     */
    CommandQueue(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** Any thread; fails the future at once when the worker has ended. */
    <T> CompletableFuture<T> submit(Command<T> command) {
        CompletableFuture<T> result = new CompletableFuture<>();
        entries.add(new Entry<>(command, result));
        if (closed) {
            refuseAll();
        } else {
            wakeUp.run();
        }
        return result;
    }

    /** Worker thread: runs what is waiting. */
    int drain(long nowNs) {
        int work = 0;
        for (Entry<?> entry = entries.poll(); entry != null; entry = entries.poll()) {
            entry.run(nowNs);
            work++;
        }
        return work;
    }

    /** The worker has ended: refuses what is waiting and whatever still comes. */
    void close() {
        closed = true;
        refuseAll();
    }

    private void refuseAll() {
        for (Entry<?> entry = entries.poll(); entry != null; entry = entries.poll()) {
            entry.result().completeExceptionally(new IllegalStateException("director is closed"));
        }
    }
}
