package dev.tandem.director.control;

import dev.tandem.director.conn.ConnectionListing;
import dev.tandem.director.conn.ConnectionView;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Listings of connections under way, one after the other, each a few slots of the table per turn.
 * Worker thread only.
 */
final class Listings {
    private static final int SLOTS = 4096;

    private record Task(
            ConnectionListing listing, CompletableFuture<List<ConnectionView>> result) {}

    private final ArrayDeque<Task> tasks = new ArrayDeque<>();

    void add(ConnectionListing listing, CompletableFuture<List<ConnectionView>> result) {
        tasks.add(new Task(listing, result));
    }

    int doWork(long nowNs) {
        Task task = tasks.peek();
        if (task == null) {
            return 0;
        }
        if (task.listing().scan(SLOTS, nowNs)) {
            tasks.remove();
            task.result().complete(task.listing().result());
        }
        return 1;
    }

    void close() {
        for (Task task : tasks) {
            task.result().completeExceptionally(new IllegalStateException("director is closed"));
        }
        tasks.clear();
    }
}
