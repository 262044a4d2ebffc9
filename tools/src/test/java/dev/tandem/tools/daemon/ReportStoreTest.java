package dev.tandem.tools.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.failover.node.FailoverReport;
import dev.tandem.tools.api.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportStoreTest {
    private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");

    @TempDir private Path dir;

    @Test
    void shouldGiveBackWhatItWasGivenTheLatestFirst() throws IOException {
        Path deep = dir.resolve("a/b");
        ReportStore<Report> store = open(deep);
        Report first = report(1, "a");
        Report second = report(2, "../../b");
        save(store, first);
        save(store, second);
        assertEquals(List.of(second, first), open(deep).list());
        assertEquals(
                List.of(
                        "2026-03-04T12_00_01.000Z-web-1-a.json",
                        "2026-03-04T12_00_02.000Z-web-2-.._.._b.json"),
                names(deep));
    }

    @Test
    void shouldKeepOnlyTheLast() throws IOException {
        ReportStore<Report> store = open(dir);
        for (int i = 0; i < ReportStore.FAILOVERS + 20; i++) {
            save(store, report(i, "a"));
        }
        List<Report> kept = store.list();
        assertEquals(ReportStore.FAILOVERS, kept.size());
        assertEquals("119-a", kept.getFirst().id());
        assertEquals("20-a", kept.getLast().id());
        assertEquals(ReportStore.FAILOVERS, names(dir).size());
    }

    @Test
    void shouldPassOverWhatIsNoReport() throws IOException {
        ReportStore<Report> store = open(dir);
        Files.writeString(dir.resolve("z.json"), "{");
        Files.writeString(dir.resolve("notes.txt"), "mine");
        save(store, report(1, "a"));
        assertEquals(List.of(report(1, "a")), store.list());
    }

    @Test
    void shouldRefuseADirectoryThatCannotBe() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        assertThrows(IOException.class, () -> open(file.resolve("below")));
    }

    @Test
    void shouldReplaceWhatHasTheSameTitle() throws IOException {
        ReportStore<Report> store = open(dir);
        store.save("x", report(1, "a"));
        store.save("x", report(2, "b"));
        assertEquals(List.of(report(2, "b")), store.list());
    }

    private static ReportStore<Report> open(Path directory) throws IOException {
        return ReportStore.open(directory, Report.class, ReportStore.FAILOVERS);
    }

    private static void save(ReportStore<Report> store, Report report) throws IOException {
        store.save(report.at() + "-" + report.cluster() + "-" + report.id(), report);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Report report(int number, String to) {
        return Views.report(
                "web",
                new FailoverReport(
                        number + "-" + to,
                        NOON.plusSeconds(number),
                        "process of x died",
                        "x",
                        to,
                        number,
                        Map.of("take", 1.5),
                        7,
                        "silent for 300 ms"));
    }
}
