package dev.tandem.tools.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that programs have not been told of yet, in their order: a file each, so that those that
 * are left when the process ends are there for the next one. What the disk does not take is kept in
 * memory alone. Beyond the limit the oldest are given up. Thread-safe.
 */
final class NotifyQueue {
    static final int LIMIT = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(NotifyQueue.class);
    private static final String SUFFIX = ".event";

    private final Path directory;
    private final int limit;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long number;
    private long givenUp;

    /**
     * One event.
     *
     * @param file null when the disk did not take it
     */
    record Entry(@Nullable Path file, String text) {}

    private NotifyQueue(Path directory, int limit) {
        this.directory = directory;
        this.limit = limit;
    }

    /**
     * With what an earlier process left; makes the directory when it is missing.
     *
     * @param limit most events that are kept
     * @throws IOException when it cannot be read
     */
    static NotifyQueue open(Path directory, int limit) throws IOException {
        Files.createDirectories(directory);
        NotifyQueue queue = new NotifyQueue(directory, limit);
        try (Stream<Path> all = Files.list(directory)) {
            List<Path> left =
                    all.filter(file -> file.getFileName().toString().matches("[0-9]{19}\\.event"))
                            .sorted()
                            .toList();
            for (Path file : left) {
                String name = file.getFileName().toString();
                queue.number = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
                queue.entries.add(new Entry(file, Files.readString(file)));
            }
        }
        queue.bound();
        return queue;
    }

    synchronized void add(String text) {
        number++;
        Path file = directory.resolve("%019d".formatted(number) + SUFFIX);
        try {
            WholeFile.write(file, text.getBytes(UTF_8));
            entries.add(new Entry(file, text));
        } catch (IOException e) {
            LOG.error("an event is not on the disk, and lost if this process ends: {}", e + "");
            entries.add(new Entry(null, text));
        }
        bound();
        notifyAll();
    }

    private void bound() {
        while (entries.size() > limit) {
            givenUp++;
            LOG.warn("more than {} events wait; the oldest is given up", limit);
            remove(entries.getFirst());
        }
    }

    /** The oldest, when there is one. */
    synchronized Entry await() throws InterruptedException {
        while (entries.isEmpty()) {
            wait();
        }
        return entries.getFirst();
    }

    /** It is done with. */
    synchronized void remove(Entry entry) {
        if (!entries.remove(entry) || entry.file() == null) {
            return;
        }
        try {
            Files.deleteIfExists(entry.file());
        } catch (IOException e) {
            LOG.error("{} will be told again after a restart: {}", entry.file(), e + "");
        }
    }

    synchronized int size() {
        return entries.size();
    }

    /** Events that were too many. */
    synchronized long givenUp() {
        return givenUp;
    }
}
