package dev.tandem.failover.track;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failover.config.Check;
import dev.tandem.failover.config.Check.Pace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real programs and processes. */
@Timeout(60)
class TrackingTest {
    private static final Pace QUICK = new Pace(20, 1, 1);

    @TempDir private Path dir;
    private final AtomicInteger changes = new AtomicInteger();

    @Test
    void shouldKeepTheFaultThatIsLeftWhenOneOfTwoIsGone() {
        var checks = List.<Check>of(new Check.Interface("x", 0), new Check.Interface("y", 0));
        try (Tracking tracking = new Tracking(100, checks, changes::incrementAndGet)) {
            tracking.start();
            assertEquals(
                    "interface x has not been checked yet; interface y has not been checked yet",
                    tracking.sum().fault());
            tracking.link("x", false);
            tracking.link("y", false);
            tracking.link("z", true);
            tracking.link("y", true);
            assertEquals("interface x is down, without carrier or missing", tracking.sum().fault());
            tracking.link("x", true);
            assertEquals(new Tracking.Sum("", 100), tracking.sum());
            assertEquals(4, changes.get());
            tracking.link("x", true);
            assertEquals(4, changes.get(), "nothing has changed");
        }
    }

    @Test
    void shouldKeepThePriorityWithinItsRange() {
        var checks = List.<Check>of(new Check.Interface("x", 253), new Check.Interface("y", -253));
        try (Tracking tracking = new Tracking(100, checks, changes::incrementAndGet)) {
            assertEquals(100, tracking.sum().priority());
            tracking.link("x", true);
            assertEquals(254, tracking.sum().priority());
            tracking.link("x", false);
            tracking.link("y", false);
            assertEquals(1, tracking.sum().priority());
        }
    }

    @Test
    void shouldFollowAScript() throws IOException {
        Path flag = dir.resolve("flag");
        Check check = script("test -e " + flag, 0, 5_000);
        try (Tracking tracking = new Tracking(100, List.of(check), changes::incrementAndGet)) {
            tracking.start();
            await(() -> tracking.sum().fault().equals("script s ended with 1"));
            Files.createFile(flag);
            await(() -> tracking.sum().fault().isEmpty());
            Files.delete(flag);
            await(() -> !tracking.sum().fault().isEmpty());
        }
    }

    @Test
    void shouldKillAScriptThatDoesNotEndAndWhatItStarted() {
        Path pid = dir.resolve("pid");
        Check check = script("sleep 300 & echo $! > " + pid + "; wait", -30, 100);
        try (Tracking tracking = new Tracking(100, List.of(check), changes::incrementAndGet)) {
            tracking.start();
            await(() -> tracking.sum().priority() == 70);
            assertEquals(
                    "did not end within 100 ms and was killed",
                    tracking.checks().getFirst().reason());
        }
        long below = Long.parseLong(read(pid).strip());
        await(() -> ProcessHandle.of(below).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void shouldSayThatAScriptCannotBeRun() {
        Check check = new Check.Script("s", List.of(dir.resolve("none") + ""), 0, 1_000, QUICK);
        try (Tracking tracking = new Tracking(100, List.of(check), changes::incrementAndGet)) {
            tracking.start();
            await(() -> tracking.sum().fault().startsWith("script s cannot be run: "));
        }
    }

    @Test
    void shouldFollowAProcessByNameAndByFile() throws Exception {
        // a copy, so that nobody else runs it; the kernel keeps 15 bytes of a name
        Path program = Files.copy(Path.of("/bin/sleep"), dir.resolve("tracked-sleep-of-mine"));
        Path file = dir.resolve("pid");
        var checks =
                List.<Check>of(
                        new Check.Running("tracked-sleep-of-mine", null, 10, QUICK),
                        new Check.Running("", file, 20, QUICK));
        try (Tracking tracking = new Tracking(100, checks, changes::incrementAndGet)) {
            tracking.start();
            assertEquals(
                    List.of("FAILED", "FAILED"),
                    tracking.checks().stream().map(CheckStatus::state).toList(),
                    "known at once");
            Process running = new ProcessBuilder(program.toString(), "300").start();
            Files.writeString(file, running.pid() + "\n");
            await(() -> tracking.sum().priority() == 130);
            running.destroyForcibly().waitFor();
            await(() -> tracking.sum().priority() == 100);
            String reason = tracking.checks().getLast().reason();
            assertEquals("does not run: there is no " + running.pid(), reason);
            Files.writeString(file, "x\n");
            await(() -> tracking.checks().getLast().reason().endsWith("holds no process id"));
        }
    }

    @Test
    void shouldGiveAProgramItsInputAndNothingElse() throws Exception {
        Path out = dir.resolve("out");
        var program = new Program(List.of("/bin/sh", "-c", "{ env; cat; pwd; } > " + out), 5_000);
        assertEquals("", program.run("told\n".getBytes(StandardCharsets.UTF_8)));
        List<String> lines = Files.readAllLines(out);
        assertTrue(lines.contains("told"), () -> "" + lines);
        assertEquals("/", lines.getLast());
        assertFalse(lines.stream().anyMatch(line -> line.startsWith("HOME=")), () -> "" + lines);
    }

    private Check script(String command, int weight, int timeoutMs) {
        return new Check.Script("s", List.of("/bin/sh", "-c", command), weight, timeoutMs, QUICK);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - untilNs < 0, "not in time");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
