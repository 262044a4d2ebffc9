package dev.tandem.tools.interop;

import dev.tandem.tools.demo.lab.Namespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A machine with a Linux kernel of its own, in user mode: its root is this host's, read only, and
 * its interfaces are taps on the segments.
 *
 * <p>Its standard input and output are a serial line to the guest's agent (resource {@code init}):
 * a line of it names a script in the shared directory and the seconds it may take; the guest writes
 * the output beside the script and returns the exit code over the line. When this process is gone
 * the line is too, and the guest ends itself.
 */
final class Guest implements AutoCloseable {
    static final List<String> NICS = List.of("sync0", "cli0", "rs0", "sync1");

    private static final Path KERNEL = Path.of("/usr/bin/linux.uml");
    private static final Path MODULES = Path.of("/usr/lib/uml/modules");
    private static final String READY = "ready";
    private static final Duration BOOT = Duration.ofSeconds(60);
    private static final int COMMAND_SECONDS = 30;

    private final String name;
    private final Path directory;
    private final Process process;
    private final OutputStream line;
    private final AtomicInteger commands = new AtomicInteger();
    private final Map<String, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();

    private Guest(String name, Path directory, Process process) {
        this.name = name;
        this.directory = directory;
        this.process = process;
        line = process.getOutputStream();
        waiting.put(READY, new CompletableFuture<>());
        Thread.ofPlatform().name("guest " + name).daemon().start(this::listen);
    }

    /**
     * What a script did.
     *
     * @param status its exit code; 124 when it took too long
     * @param output of both streams
     */
    record Answer(int status, String output) {}

    /** Starts a guest; {@link #awaitReady} says when it takes commands. */
    static Guest start(Namespace wire, Path directory, String name, int number) throws IOException {
        if (!Files.isExecutable(KERNEL)) {
            throw new IOException(
                    KERNEL + " is missing: apt-get install user-mode-linux, or tools/bin/verify");
        }
        Path share = Files.createDirectories(directory.resolve(name));
        Path init = directory.resolve("init-" + name);
        copy("init", init);
        for (String helper : List.of("garp.pl", "sctp.pl", "server.pl")) {
            copy(helper, share.resolve(helper));
        }
        var command =
                new ArrayList<>(
                        wire.command(
                                KERNEL + "",
                                "mem=256M",
                                "umid=" + name,
                                "uml_dir=" + directory.resolve("uml"),
                                "rootfstype=hostfs",
                                "rootflags=/",
                                "ro",
                                "con=null",
                                "con0=null,fd:2",
                                "con1=fd:0,fd:1",
                                "ssl=null",
                                "noreboot",
                                "quiet",
                                "tandem.share=" + share,
                                "tandem.modules=" + MODULES,
                                "tandem.nics=" + String.join(",", NICS),
                                "init=" + init));
        for (int nic = 0; nic < NICS.size(); nic++) {
            command.add(
                    "eth%d=tuntap,%s,02:83:00:00:0%d:0%d"
                            .formatted(nic, tap(name, NICS.get(nic)), number, nic));
        }
        var builder = new ProcessBuilder(command).redirectError(console(directory, name).toFile());
        // the guest's memory is a file there
        builder.environment().put("TMPDIR", "/dev/shm");
        return new Guest(name, directory, builder.start());
    }

    /** The host's end of a guest's interface. */
    static String tap(String guest, String nic) {
        return guest + "-" + nic;
    }

    private static void copy(String resource, Path file) throws IOException {
        try (var in = Objects.requireNonNull(Guest.class.getResourceAsStream(resource))) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        file.toFile().setExecutable(true);
    }

    private static Path console(Path directory, String name) {
        return directory.resolve(name + ".console");
    }

    String name() {
        return name;
    }

    /** Waits until the guest has booted. */
    void awaitReady() throws IOException {
        await(READY, BOOT.toSeconds());
    }

    /** Runs a script of lines and returns what it printed. A failure of the script is one here. */
    String run(String... script) throws IOException {
        Answer answer = attempt(COMMAND_SECONDS, script);
        if (answer.status() != 0) {
            throw new IOException(
                    "guest %s: exit code %d of\n%s\n%s"
                            .formatted(
                                    name,
                                    answer.status(),
                                    String.join("\n", script),
                                    answer.output()));
        }
        return answer.output();
    }

    /** Runs a script that may fail, or take up to so many seconds. */
    Answer attempt(int seconds, String... script) throws IOException {
        String id = "c" + commands.incrementAndGet();
        Path share = directory.resolve(name);
        Files.writeString(share.resolve(id + ".sh"), String.join("\n", script) + "\n");
        waiting.put(id, new CompletableFuture<>());
        synchronized (line) {
            line.write("%s %d\n".formatted(id, seconds).getBytes(StandardCharsets.US_ASCII));
            line.flush();
        }
        int status = Integer.parseInt(await(id, seconds + 10L));
        return new Answer(
                status,
                new String(Files.readAllBytes(share.resolve(id + ".out")), StandardCharsets.UTF_8));
    }

    /** A directory of this host that the guest sees as {@code /run/share}. */
    Path share() {
        return directory.resolve(name);
    }

    /** The last lines of the guest's kernel log. */
    String dmesg() {
        try {
            return attempt(5, "dmesg | tail -40").output();
        } catch (IOException e) {
            return "no answer of guest " + name + ": " + e.getMessage();
        }
    }

    private String await(String id, long seconds) throws IOException {
        try {
            return Objects.requireNonNull(waiting.get(id)).get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    "guest %s did not answer within %d s (%s); its console:\n%s"
                            .formatted(
                                    name,
                                    seconds,
                                    process.isAlive() ? "it runs" : "it ended",
                                    Files.readString(
                                            console(directory, name), StandardCharsets.ISO_8859_1)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            waiting.remove(id);
        }
    }

    private void listen() {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                process.getInputStream(), StandardCharsets.ISO_8859_1))) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                String[] words = text.strip().split(" ", 3);
                String id = words[0].equals(READY) ? READY : words.length > 1 ? words[1] : "";
                CompletableFuture<String> waiter = waiting.get(id);
                if (waiter != null) {
                    waiter.complete(words[words.length - 1]);
                }
            }
        } catch (IOException _) {
            // the guest ended
        }
        var ended = new IOException("guest " + name + " ended");
        waiting.values().forEach(waiter -> waiter.completeExceptionally(ended));
    }

    /** Hangs up, upon which the guest ends itself; or ends it and its processes. */
    @Override
    public void close() {
        Stream<ProcessHandle> processes = process.descendants().toList().stream();
        try {
            line.close();
            if (process.waitFor(5, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException _) {
            // then the hard way
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        processes.forEach(ProcessHandle::destroyForcibly);
    }
}
