package dev.tandem.failover.node;

import dev.tandem.failover.config.FailoverConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A node in a process of its own, so that it can really be killed, stopped and continued. The child
 * prints a line {@code STATE nanoTime} at each change; {@link System#nanoTime()} is one clock for
 * all processes on Linux.
 */
final class NodeProcess implements AutoCloseable {
    private final Process process;
    private final Map<String, Long> lastSeenNs = new ConcurrentHashMap<>();
    private volatile String report = "";

    NodeProcess(String name, List<String> names, int port) throws IOException {
        process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx64m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                NodeProcess.class.getName(),
                                name,
                                String.join(",", names),
                                String.valueOf(port))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                String[] words = line.split(" ", 3);
                if (words[0].equals("REPORT")) {
                    report = line;
                } else if (words.length == 3 && words[0].equals("EVENT")) {
                    lastSeenNs.put(words[1], Long.valueOf(words[2]));
                }
                line = lines.readLine();
            }
        } catch (IOException _) {
            // The process is gone, which is what this test does to it.
        }
    }

    /** When the child last said this; 0 when it never did. */
    long lastSeenNs(String what) {
        return lastSeenNs.getOrDefault(what, 0L);
    }

    String report() {
        return report;
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    // the child

    public static void main(String[] args) throws Exception {
        List<String> names = List.of(args[1].split(","));
        FailoverConfig config = TestPair.config(args[0], names, Integer.parseInt(args[2]));
        FakeDirector director = new FakeDirector();
        Consumer<NodeStatus> print = status -> print(status, director);
        FailoverListener listener =
                new FailoverListener() {
                    @Override
                    public void stateChanged(NodeStatus status) {
                        print.accept(status);
                    }

                    @Override
                    public void failedOver(FailoverReport report) {
                        System.out.println("REPORT " + report);
                    }
                };
        FailoverNode node = new FailoverNode(config, director, listener);
        node.start();
        boolean joined = false;
        while (true) {
            Thread.sleep(20);
            boolean now = node.status().peers().stream().allMatch(p -> p.inGroup());
            if (now && !joined) {
                System.out.println("EVENT JOINED " + System.nanoTime());
            }
            joined = now;
        }
    }

    private static void print(NodeStatus status, FakeDirector director) {
        long atNs = status.isMaster() ? director.takenAtNs() : System.nanoTime();
        System.out.println("EVENT " + status.state() + " " + atNs);
    }
}
