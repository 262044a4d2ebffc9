package dev.tandem.tools.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.tools.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** {@code tandem sync table} against the tables that kernels had after the same messages. */
class CorpusTableTest {
    @SuppressWarnings("UnusedVariable") // by name, below
    private static final List<String> NAMES = Corpus.NAMES;

    private static final long TOLERANCE_SECONDS = 3;

    @TempDir private Path dir;

    @ParameterizedTest
    @FieldSource("NAMES")
    void shouldEqualTheKernelsAtEachSnapshot(String name) throws IOException {
        Corpus corpus = Corpus.load(name);
        Path rules = Files.write(dir.resolve("rules"), corpus.rules());
        assertFalse(corpus.snapshots().isEmpty());
        for (Corpus.Snapshot snapshot : corpus.snapshots()) {
            CommandRun run =
                    CommandRun.of(
                            "sync",
                            "table",
                            Corpus.capture(name, dir),
                            "--syncid",
                            snapshot.syncId(),
                            "--maxlen",
                            snapshot.maxLength(),
                            "--rules",
                            rules,
                            "--until",
                            snapshot.time(),
                            "--persistent-conn");
            assertEquals("", run.err());
            assertEquals(0, run.code());
            compare(snapshot, run.lines());
        }
    }

    private static void compare(Corpus.Snapshot snapshot, List<String> lines) {
        assertEquals("IPVS connection entries", lines.getFirst());
        Map<String, List<Long>> ours = new TreeMap<>();
        for (String line : lines.subList(2, lines.size())) {
            Corpus.Entry entry = parse(line);
            ours.computeIfAbsent(entry.key(), _ -> new ArrayList<>()).add(entry.expires());
        }
        Map<String, List<Long>> kernels = new TreeMap<>();
        for (Corpus.Entry entry : snapshot.entries()) {
            kernels.computeIfAbsent(entry.key(), _ -> new ArrayList<>()).add(entry.expires());
        }
        assertEquals(kernels.keySet(), ours.keySet(), snapshot.label());
        kernels.forEach((key, times) -> {
            List<Long> own = ours.getOrDefault(key, List.of());
            assertEquals(times.size(), own.size(), key);
            Collections.sort(times);
            Collections.sort(own);
            for (int i = 0; i < times.size(); i++) {
                long difference = Math.abs(times.get(i) - own.get(i));
                assertTrue(
                        difference <= TOLERANCE_SECONDS,
                        "%s %s: %s, kernel %s".formatted(snapshot.label(), key, own, times));
            }
        });
    }

    /**
     * A row in the form {@code %-3s %-6s %-11s %-18s %-18s %s}, perhaps with an engine's columns.
     */
    private static Corpus.Entry parse(String row) {
        String[] words = row.split(" +", -1);
        String[] time = words[1].split(":", -1);
        return new Corpus.Entry(
                words[0],
                words[2],
                words[3],
                words[4],
                words[5],
                Long.parseLong(time[0]) * 60 + Long.parseLong(time[1]),
                words.length > 6 ? words[6] + " " + words[7] : "");
    }
}
