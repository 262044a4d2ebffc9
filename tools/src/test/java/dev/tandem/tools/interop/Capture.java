package dev.tandem.tools.interop;

import dev.tandem.tools.demo.lab.Namespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What crosses the sync segment during a test, as a file for tcpdump and {@code tandem sync}. */
final class Capture implements AutoCloseable {
    private final Path file;
    private final Process process;

    private Capture(Path file, Process process) {
        this.file = file;
        this.process = process;
    }

    /** Starts to capture; returns when it does. */
    static Capture start(Namespace wire, Path file) throws IOException {
        Process process =
                new ProcessBuilder(
                                wire.command(
                                        "tcpdump",
                                        "-i",
                                        "sync",
                                        "-n",
                                        "-U",
                                        "-Z",
                                        "root",
                                        "-w",
                                        file.toString(),
                                        "udp or ip[6:2] & 0x1fff != 0"))
                        .start();
        // closed with the process
        @SuppressWarnings("resource")
        var said =
                new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.contains("listening on")) {
                return new Capture(file, process);
            }
        }
        throw new IOException("tcpdump did not start");
    }

    /** Where it is, after {@link #close}. */
    Path file() {
        return file;
    }

    /** Ends the capture but keeps the file. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
