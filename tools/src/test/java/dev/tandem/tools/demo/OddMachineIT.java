package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.Report;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.demo.lab.Arbiter;
import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.load.Load;
import dev.tandem.tools.demo.load.LoadResult;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real pairs under traffic on machines that somebody has spoilt: no wrong takeover, no loss. */
@Tag("netns")
@SuppressWarnings("NullAway.Init") // open sets what each test needs
class OddMachineIT {
    private static final int CONNECTIONS = 100;
    private static final Duration START = Duration.ofSeconds(40);
    private static final Duration ECHOES = Duration.ofSeconds(8);

    /** Until a stepped clock is seen: the library looks once in a second. */
    private static final Duration STEPPED = Duration.ofSeconds(3);

    @TempDir Path files;

    private RunningPair running;
    private Load load;
    private DirectorProcess master;
    private DirectorProcess backup;
    private long epoch;

    /** Until a pair works under traffic, and its backup has every connection. */
    private void open(Arbiter arbiter, RunningPair.Change change) throws Exception {
        running = RunningPair.start(Forwarding.NAT, true, arbiter, change);
        load = running.load(CONNECTIONS);
        master = running.pair.master().orElseThrow();
        backup = running.pair.peerOf(master);
        running.await("all are answered", () -> load.progress().leastAnswered() > 0);
        running.await(
                "the backup has them all",
                () -> backup.status().map(Status::connections).orElse(0) >= CONNECTIONS);
        load.fault(System.nanoTime());
        epoch = running.pair.epoch();
    }

    @AfterEach
    void close() throws Exception {
        if (load != null) {
            load.close();
        }
        if (running != null) {
            running.close();
        }
    }

    @Test
    void shouldNotMindClocksThatAreStepped() throws Exception {
        for (String node : List.of("a", "b", "w")) {
            step(node, 0);
        }
        String library = fakeTime();
        open(Arbiter.WITNESS, lab -> lab.environment(node -> fakedTime(library, node)));
        step(master.node(), 3600);
        Thread.sleep(STEPPED);
        step(backup.node(), -3600);
        step("w", 7200);
        Thread.sleep(STEPPED);
        step(master.node(), -3600);
        Thread.sleep(STEPPED);
        assertNothingMoved();
        assertKeeps();

        load.fault(System.nanoTime());
        Report report = master.api().failover(FailoverRequest.to(backup.node()));
        Duration off = Duration.between(Instant.parse(report.at()), Instant.now());
        assertTrue(Math.abs(off.toSeconds() - 3600) < 60, "its clock was not stepped: " + off);
        running.await("it is ready again", () -> is(master, "BACKUP"));
        backup.kill();
        running.await("it owns again", () -> is(master, "MASTER"));
        assertKeeps();
    }

    private void step(String node, int seconds) throws IOException {
        Files.writeString(files.resolve(node), "%+d".formatted(seconds));
    }

    private Map<String, String> fakedTime(String library, String node) {
        return Map.of(
                "LD_PRELOAD", library,
                "FAKETIME_TIMESTAMP_FILE", files.resolve(node).toString(),
                "FAKETIME_CACHE_DURATION", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                // else it rewrites deadlines that are of the monotonic clock
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    /** The package faketime's, for programs with threads. */
    private static String fakeTime() throws IOException {
        var matcher = FileSystems.getDefault().getPathMatcher("glob:**/libfaketimeMT.so.1");
        try (Stream<Path> found =
                Files.find(Path.of("/usr/lib"), 3, (path, _) -> matcher.matches(path))) {
            return found.findFirst()
                    .orElseThrow(() -> new IOException("faketime is not installed"))
                    .toString();
        }
    }

    @Test
    void shouldNotTakeOverWithAFullDisk() throws Exception {
        open(Arbiter.WITNESS, lab -> mount(lab.directory()));
        try (AutoCloseable _ = () -> unmount(running.lab.directory())) {
            Path filler = fill(running.lab.directory());
            master.kill();
            running.await(
                    "the backup says so",
                    () -> whyNotMaster(backup).contains("No space left on device"));
            assertEquals("FAULT", backup.status().orElseThrow().state());

            Files.delete(filler);
            running.await("the backup owns", () -> is(backup, "MASTER"));
            assertKeeps();
        }
    }

    private static void mount(Path directory) throws IOException {
        Commands.run(
                "mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tandem", directory.toString());
    }

    private static void unmount(Path directory) throws IOException {
        Commands.run("umount", "-l", directory.toString());
    }

    private static Path fill(Path directory) throws IOException {
        Path filler = directory.resolve("filler");
        try (var out = Files.newOutputStream(filler)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException _) {
            return filler; // that was the last free page
        }
    }

    @Test
    void shouldNotMindAnotherOneOfTheSameName() throws Exception {
        open(Arbiter.NONE, _ -> {});
        running.lab.director(backup.index()).ip(List.of("address add 10.77.3.9/24 dev link"));
        try (var other = startAnother(backup)) {
            var _ =
                    other.await(
                            START, "look round", it -> it.whyNotMaster().contains("vip-in-use"));
            assertEquals(
                    List.of(
                            "heartbeats from 10.77.3.9 are not believed: who sends them has a"
                                    + " peer's name, and not the peer's address"),
                    Objects.requireNonNull(master.status().orElseThrow().group()).refused());
            assertNothingMoved();
        }
        assertKeeps();
    }

    /** A process of the same name, with an address of its own; on the same host. */
    private DirectorProcess startAnother(DirectorProcess node) throws IOException {
        Path file = running.lab.directory().resolve(node.node() + ".yaml");
        String text =
                Files.readString(file)
                        .replace("bind: 10.77.3." + (node.index() + 1), "bind: 10.77.3.9")
                        .replace("/" + node.node() + ".sock", "/other.sock")
                        .replace("/reports-" + node.node(), "/reports-other");
        return DirectorProcess.start(
                running.lab, running.lab.director(node.index()), "other", text);
    }

    private static String whyNotMaster(DirectorProcess director) {
        return director.status().map(Status::whyNotMaster).orElse("");
    }

    private static boolean is(DirectorProcess director, String state) {
        return director.status().filter(status -> status.state().equals(state)).isPresent();
    }

    private void assertNothingMoved() {
        assertTrue(is(master, "MASTER") && is(backup, "BACKUP"), running.pair::logs);
        assertEquals(epoch, running.pair.epoch(), "nobody else stood");
    }

    private void assertKeeps() throws InterruptedException {
        LoadResult result = load.settle(ECHOES);
        assertEquals(CONNECTIONS, result.kept(), () -> "lost: " + result.lost());
    }
}
