package dev.tandem.failover.track;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program of the operator's, run to its end on the caller's thread: in the directory {@code /},
 * with nothing in its environment but {@code PATH} and {@code LANG}, its output thrown away. Never
 * called on the failover path.
 *
 * @param command an absolute path and arguments
 * @param timeoutMs after which it is killed, with the processes that it started
 */
public record Program(List<String> command, int timeoutMs) {
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "PATH",
                    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "LANG",
                    "C");

    /** A killed process is gone at once, but for one that its kernel keeps. */
    private static final long REAP_MS = 1_000;

    public Program {
        command = List.copyOf(command);
    }

    /**
     * Runs it.
     *
     * @param input what it reads on its standard input; at most 64 KiB, or it may be lost
     * @return empty when it ended with 0 in time; else what was wrong, to be read after its name
     */
    public String run(byte[] input) throws InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.DISCARD)
                        .directory(new File("/"));
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return "cannot be run: " + e.getMessage();
        }
        try {
            feed(process, input);
            if (process.waitFor(timeoutMs, TimeUnit.MILLISECONDS)) {
                int code = process.exitValue();
                return code == 0 ? "" : "ended with " + code;
            }
            return "did not end within " + timeoutMs + " ms and was killed";
        } finally {
            kill(process);
        }
    }

    private static void feed(Process process, byte[] input) {
        try (OutputStream to = process.getOutputStream()) {
            to.write(input);
        } catch (IOException _) {
            // it does not read what it is told, and need not
        }
    }

    private static void kill(Process process) throws InterruptedException {
        if (process.isAlive()) {
            List<ProcessHandle> below = process.descendants().toList();
            process.destroyForcibly();
            below.forEach(ProcessHandle::destroyForcibly);
            process.waitFor(REAP_MS, TimeUnit.MILLISECONDS);
        }
    }
}
