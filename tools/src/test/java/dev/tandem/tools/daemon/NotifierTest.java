package dev.tandem.tools.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.tools.api.Json;
import dev.tandem.tools.api.Transition;
import dev.tandem.tools.config.NotifyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real programs. */
@Timeout(60)
class NotifierTest {
    @TempDir private Path dir;

    @Test
    void shouldTellProgramsInOrderWhatConcernsThem() throws Exception {
        var all = program("cat >> %s; echo >> %s".formatted(out("all"), out("all")), Set.of(), 1);
        var some = program("echo told >> " + out("some"), Set.of("MASTER"), 1);
        try (Notifier notifier = notifier(List.of(all, some), queue(10))) {
            notifier.tell(to("BACKUP"));
            notifier.tell(to("MASTER"));
            notifier.tell(to("FAULT"));
            await(() -> count(notifier, "waiting") == 0);
            assertEquals(4, count(notifier, "told"));
        }
        assertEquals(List.of("told"), Files.readAllLines(out("some")));
        List<String> lines = Files.readAllLines(out("all"));
        assertEquals(
                List.of(to("BACKUP"), to("MASTER"), to("FAULT")),
                List.of(read(lines.get(0)), read(lines.get(1)), read(lines.get(2))));
        assertEquals(List.of(), left());
    }

    @Test
    void shouldTryAgainAndThenGiveUp() throws Exception {
        var second =
                program(
                        "test -e %s || { touch %s; exit 3; }".formatted(out("x"), out("x")),
                        Set.of(),
                        3);
        var never = program("exit 1", Set.of(), 2);
        try (Notifier notifier = notifier(List.of(second, never), queue(10))) {
            notifier.tell(to("MASTER"));
            await(() -> count(notifier, "waiting") == 0);
            assertEquals(
                    Map.of("waiting", 0L, "told", 1L, "failures", 3L, "givenUp", 1L, "tooMany", 0L),
                    notifier.counters());
        }
    }

    @Test
    void shouldTellAfterARestartWhatWasLeft() throws Exception {
        NotifyQueue before = queue(10);
        before.add(Json.text(to("MASTER")));
        before.add(Json.text(to("BACKUP")));
        assertEquals(2, left().size());
        NotifyQueue after = queue(10);
        after.add(Json.text(to("FAULT")));
        var all = program("cat >> %s; echo >> %s".formatted(out("all"), out("all")), Set.of(), 1);
        try (Notifier notifier = notifier(List.of(all), after)) {
            await(() -> count(notifier, "waiting") == 0);
        }
        assertEquals(
                List.of("MASTER", "BACKUP", "FAULT"),
                Files.readAllLines(out("all")).stream().map(line -> read(line).to()).toList());
    }

    @Test
    void shouldGiveUpTheOldestWhenThereAreTooMany() throws Exception {
        NotifyQueue queue = queue(2);
        for (String state : List.of("INIT", "BACKUP", "MASTER")) {
            queue.add(Json.text(to(state)));
        }
        assertEquals(1, queue.givenUp());
        assertEquals("BACKUP", read(queue.await().text()).to());
        assertEquals(2, left().size());
    }

    @Test
    void shouldNotHoldUpWhoTellsIt() throws Exception {
        var slow = new NotifyConfig(List.of("/bin/sleep", "300"), Set.of(), 200, 1);
        try (Notifier notifier = notifier(List.of(slow), queue(10))) {
            long beforeNs = System.nanoTime();
            notifier.tell(to("MASTER"));
            notifier.tell(to("BACKUP"));
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beforeNs);
            assertTrue(count(notifier, "waiting") > 0, () -> tookMs + " ms");
            await(() -> count(notifier, "givenUp") == 2);
        }
    }

    private NotifyQueue queue(int limit) throws IOException {
        return NotifyQueue.open(dir.resolve("queue"), limit);
    }

    private static Notifier notifier(List<NotifyConfig> programs, NotifyQueue queue) {
        return new Notifier("web", programs, queue, 10);
    }

    private static NotifyConfig program(String command, Set<String> states, int attempts) {
        return new NotifyConfig(List.of("/bin/sh", "-c", command), states, 10_000, attempts);
    }

    private static long count(Notifier notifier, String name) {
        return Objects.requireNonNull(notifier.counters().get(name));
    }

    private Path out(String name) {
        return dir.resolve(name);
    }

    private List<String> left() throws IOException {
        try (var files = Files.list(dir.resolve("queue"))) {
            return files.map(Path::toString).toList();
        }
    }

    private static Transition to(String state) {
        return new Transition(
                "2026-03-04T05:06:07.890Z",
                "web",
                "a",
                "INIT",
                state,
                1,
                2,
                "a",
                "it was so",
                "",
                Map.of(),
                -1,
                100,
                "",
                0,
                "",
                List.of());
    }

    private static Transition read(String line) {
        try {
            return Json.read(line, Transition.class);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.call()) {
            assertTrue(System.nanoTime() - untilNs < 0, "not in time");
            Thread.sleep(2);
        }
    }
}
