package dev.tandem.tools.demo.lab;

import dev.tandem.director.control.Urgency;
import dev.tandem.director.io.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * A host of the lab: one network namespace.
 *
 * @param name its name in {@code ip netns list}
 */
public record Namespace(String name) {

    /** Runs the lines of an {@code ip -batch} script inside. */
    public void ip(List<String> lines) throws IOException {
        Commands.run(List.of("ip", "-n", name, "-batch", "-"), String.join("\n", lines) + "\n");
    }

    /** A command that runs inside, for {@link Commands} or a {@link ProcessBuilder}. */
    public List<String> command(String... command) {
        return Stream.concat(Stream.of("ip", "netns", "exec", name), Stream.of(command)).toList();
    }

    /** Sets kernel parameters; those that this kernel does not have are left alone. */
    public void sysctl(Map<String, String> values) throws IOException {
        call(() -> {
            for (var value : values.entrySet()) {
                Path file = Path.of("/proc/sys", value.getKey().replace('.', '/'));
                if (Files.exists(file)) {
                    Files.writeString(file, value.getValue());
                }
            }
            return name;
        });
    }

    /** What a thread inside does. */
    public interface Task {
        void run() throws IOException;
    }

    /**
     * A thread inside that stands for another machine: it does not wait for the directors to leave
     * it a processor. It is a daemon, and not started yet.
     */
    public Thread machine(String thread, Task task) {
        return Thread.ofPlatform()
                .name(thread)
                .daemon()
                .unstarted(() -> {
                    try {
                        NetworkNamespace.enter(name);
                        Urgency.raise();
                        task.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    /** Starts something on a thread of its own that is inside. */
    public <T> Future<T> start(String thread, Callable<T> callable) {
        var task =
                new FutureTask<>(() -> {
                    NetworkNamespace.enter(name);
                    return callable.call();
                });
        Thread.ofPlatform().name(thread).daemon().start(task);
        return task;
    }

    /** Calls something on a thread that is inside; sockets made there stay there. */
    public <T> T call(Callable<T> callable) throws IOException {
        try {
            return start("in " + name, callable).get();
        } catch (ExecutionException e) {
            throw new IOException("in namespace " + name + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in namespace " + name, e);
        }
    }
}
