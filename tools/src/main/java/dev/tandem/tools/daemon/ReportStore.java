package dev.tandem.tools.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.tools.api.Json;
import dev.tandem.tools.api.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failover reports: one JSON file each, the last {@value #KEPT} of them. A file is complete or
 * not there, also after a power failure: written aside, forced to disk, renamed.
 */
final class ReportStore {
    static final int KEPT = 100;

    private static final Logger LOG = LoggerFactory.getLogger(ReportStore.class);
    private static final String SUFFIX = ".json";

    private final Path directory;

    private ReportStore(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes the directory when it is missing.
     *
     * @throws IOException when reports could not be written there
     */
    static ReportStore open(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (!Files.isWritable(directory)) {
            throw new IOException("api.reports: " + directory + " is not writable");
        }
        return new ReportStore(directory);
    }

    /** Keeps a report and forgets the oldest beyond the limit. */
    synchronized void save(Report report) throws IOException {
        // the time first, so that the names sort as the reports happened
        String name =
                (report.at() + "-" + report.cluster() + "-" + report.id())
                        .replaceAll("[^A-Za-z0-9.-]", "_");
        Path aside = directory.resolve(name + ".new");
        write(aside, Json.pretty(report) + "\n");
        Files.move(aside, directory.resolve(name + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel entry = FileChannel.open(directory)) {
            entry.force(true);
        }
        List<Path> files = files();
        for (Path old : files.subList(Math.min(KEPT, files.size()), files.size())) {
            Files.deleteIfExists(old);
        }
    }

    /** What is kept, the latest first; a file that is no report is passed over. */
    synchronized List<Report> list() throws IOException {
        List<Report> reports = new ArrayList<>();
        for (Path file : files()) {
            try {
                reports.add(Json.read(Files.readString(file), Report.class));
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

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
