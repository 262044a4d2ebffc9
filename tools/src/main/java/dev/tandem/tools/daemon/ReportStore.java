package dev.tandem.tools.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.tools.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports of one kind: one JSON file each, the last so many of them.
 *
 * @param <T> a record of the API
 */
final class ReportStore<T> {
    /** Failovers that are kept. */
    static final int FAILOVERS = 100;

    /** Changes of state that are kept: some for each failover. */
    static final int TRANSITIONS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(ReportStore.class);
    private static final String SUFFIX = ".json";

    private final Path directory;
    private final Class<T> type;
    private final int kept;

    private ReportStore(Path directory, Class<T> type, int kept) {
        this.directory = directory;
        this.type = type;
        this.kept = kept;
    }

    /**
     * Makes the directory when it is missing.
     *
     * @throws IOException when reports could not be written there
     */
    static <T> ReportStore<T> open(Path directory, Class<T> type, int kept) throws IOException {
        Files.createDirectories(directory);
        if (!Files.isWritable(directory)) {
            throw new IOException("api.reports: " + directory + " is not writable");
        }
        return new ReportStore<>(directory, type, kept);
    }

    /**
     * Keeps a report, in place of one that has the same name, and forgets the oldest beyond the
     * limit.
     *
     * @param title begins with the time, so that the names sort as the reports happened
     */
    synchronized void save(String title, T report) throws IOException {
        String name = title.replaceAll("[^A-Za-z0-9.-]", "_");
        WholeFile.write(
                directory.resolve(name + SUFFIX), (Json.pretty(report) + "\n").getBytes(UTF_8));
        List<Path> files = files();
        for (Path old : files.subList(Math.min(kept, files.size()), files.size())) {
            Files.deleteIfExists(old);
        }
    }

    /** What is kept, the latest first; a file that is no report is passed over. */
    synchronized List<T> list() throws IOException {
        List<T> reports = new ArrayList<>();
        for (Path file : files()) {
            try {
                reports.add(Json.read(Files.readString(file), type));
            } catch (IOException e) {
                LOG.warn("{} is no report: {}", file, e.getMessage());
            }
        }
        return reports;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted((a, b) -> b.compareTo(a))
                    .toList();
        }
    }
}
