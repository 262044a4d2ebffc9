package dev.tandem.tools.demo.lab;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** One director of the pair: the daemon as a process of its own, inside its host. */
public final class DirectorProcess implements AutoCloseable {
    private static final int POLL_MS = 20;

    private final int index;
    private final String node;
    private final ApiClient api;
    private final Path log;
    private final Process process;

    private DirectorProcess(int index, String node, Path socket, Path log, Process process) {
        this.index = index;
        this.node = node;
        this.api = new ApiClient(socket);
        this.log = log;
        this.process = process;
    }

    /**
     * Starts a director.
     *
     * @param index 0 for a, 1 for b
     */
    static DirectorProcess start(Lab lab, int index) throws IOException {
        return start(
                lab,
                index,
                NodeFile.node(index),
                NodeFile.text(lab.plan(), index, lab.directory()));
    }

    /**
     * Starts a director of another configuration than the lab's own; its API's socket has to be
     * {@code NODE.sock} in the lab's directory.
     *
     * @param index of the host that it runs on, 0 or 1
     */
    public static DirectorProcess start(Lab lab, int index, String node, String text)
            throws IOException {
        return start(lab, lab.director(index), index, node, text);
    }

    /** As before, on any host of the lab. */
    public static DirectorProcess start(Lab lab, Namespace host, String node, String text)
            throws IOException {
        return start(lab, host, -1, node, text);
    }

    private static DirectorProcess start(
            Lab lab, Namespace host, int index, String node, String text) throws IOException {
        Path directory = lab.directory();
        Path file = directory.resolve(node + ".yaml");
        Path log = directory.resolve(node + ".log");
        Files.writeString(file, text);
        List<String> command =
                JavaCommand.in(host, "dev.tandem.tools.Main", "run", "-c", file.toString());
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(lab.environment(node));
        Path socket = directory.resolve(node + ".sock");
        return new DirectorProcess(index, node, socket, log, builder.start());
    }

    /** 0 for a, 1 for b. */
    public int index() {
        return index;
    }

    public String node() {
        return node;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    public ApiClient api() {
        return api;
    }

    /** What it says of itself; empty when it does not answer (yet). */
    public Optional<Status> status() {
        try {
            return Optional.of(api.status());
        } catch (IOException | ApiException _) {
            return Optional.empty();
        }
    }

    /**
     * Waits until what it says of itself is as wanted, and gives that.
     *
     * @param what it does then, for the message when it does not
     * @throws IOException when it has ended or the time is up; has the end of its log
     */
    public Status await(Duration time, String what, Predicate<Status> condition)
            throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + time.toNanos();
        while (true) {
            Optional<Status> status = status().filter(condition);
            if (status.isPresent()) {
                return status.get();
            }
            if (!alive() || System.nanoTime() - deadlineNs >= 0) {
                throw new IOException("%s did not %s\n%s".formatted(node, what, logTail(40)));
            }
            Thread.sleep(POLL_MS);
        }
    }

    /**
     * Makes it master as soon as it answers; its role has to be manual.
     *
     * @param time so long it may take to answer
     */
    public void takeAddresses(Duration time) throws IOException, InterruptedException {
        var _ = await(time, "start", _ -> true);
        try {
            var _ = api.failover(new FailoverRequest(null, null, true, false, false, false));
        } catch (ApiException e) {
            throw new IOException(node + " does not take the address: " + e.getMessage(), e);
        }
    }

    /** SIGKILL: no farewell; returns when it is gone. */
    public void kill() {
        var _ = process.destroyForcibly().onExit().join();
    }

    /** SIGSTOP: there, but not running, as a machine that hangs. */
    public void hang() throws IOException {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        Commands.run("/bin/sh", "-c", "kill -" + name + " " + pid());
    }

    /** The last lines it wrote. */
    public String logTail(int lines) {
        try {
            List<String> all = Files.readAllLines(log);
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "cannot read " + log + ": " + e;
        }
    }

    /** Asks it to end, which for a master means to hand over, and makes it end when it does not. */
    @Override
    public void close() {
        try {
            resume();
            process.destroy();
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException _) {
            process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
