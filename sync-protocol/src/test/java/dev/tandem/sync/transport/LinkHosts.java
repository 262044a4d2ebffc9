package dev.tandem.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two hosts for links: network namespaces joined by a cable, whose ends are called "sync", each
 * with processes that hold a link. Needs root and ip.
 */
final class LinkHosts {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);

    /** The names of the namespaces. */
    final String a;

    final String b;
    private final List<Peer> peers = new ArrayList<>();

    LinkHosts(String name) throws IOException, InterruptedException {
        String prefix = "tandem-" + name + "-" + ProcessHandle.current().pid() + "-";
        a = prefix + "a";
        b = prefix + "b";
        for (String host : List.of(a, b)) {
            run("ip netns add " + host);
            // an IPv6 address can be used as soon as it is there
            in(host, "sysctl -q net.ipv6.conf.default.accept_dad=0");
            run("ip -n " + host + " link set lo up");
        }
        connect();
    }

    /** Puts the cable in, with both hosts' addresses. */
    void connect() throws IOException, InterruptedException {
        run("ip -n " + a + " link add sync type veth peer name sync netns " + b);
        run("ip -n " + a + " address add 10.99.0.1/24 dev sync");
        run("ip -n " + a + " address add 10.98.0.7/24 dev sync");
        run("ip -n " + a + " address add 10.99.0.9/24 dev sync");
        run("ip -n " + a + " address add fd99::1/64 dev sync nodad");
        run("ip -n " + b + " address add 10.99.0.2/24 dev sync");
        run("ip -n " + b + " address add fd99::2/64 dev sync nodad");
        run("ip -n " + a + " link set sync up");
        run("ip -n " + b + " link set sync up");
        awaitIpv6("sync");
    }

    /** The kernel takes an interface into use for IPv6 a moment after it came up. */
    void awaitIpv6(String interfaceName) throws IOException, InterruptedException {
        for (String host : List.of(a, b)) {
            String line = "ip -6 -n " + host + " route show table local dev " + interfaceName;
            long startNs = System.nanoTime();
            while (!output(line).contains("multicast ff00::/8")) {
                assertTrue(System.nanoTime() - startNs < DEADLINE_NS, "no IPv6 on " + host);
                Thread.onSpinWait();
            }
        }
    }

    /** Opens a link; the settings are those of {@link LinkPeer}. */
    Peer open(String host, String... settings) throws IOException {
        Peer peer = start(host, settings);
        assertEquals("ready", peer.answer());
        return peer;
    }

    /** Starts a process that tries to open a link, and answers "ready" or why it cannot. */
    Peer start(String host, String... settings) throws IOException {
        Peer peer = new Peer(host, settings);
        peers.add(peer);
        return peer;
    }

    static void in(String host, String line) throws IOException, InterruptedException {
        run("ip netns exec " + host + " " + line);
    }

    static void run(String line) throws IOException, InterruptedException {
        String _ = output(line);
    }

    private static String output(String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line.split(" ", -1)).redirectErrorStream(true).start();
        String output = String.join("\n", process.inputReader().lines().toList());
        assertEquals(0, process.waitFor(), line + ": " + output);
        return output;
    }

    void close() throws IOException, InterruptedException {
        peers.forEach(Peer::close);
        run("ip netns del " + a);
        run("ip netns del " + b);
    }

    /** A {@link LinkPeer} in a namespace, told what to do and asked how it went. */
    static final class Peer {
        private final Process process;
        private final BufferedReader answers;
        private final BufferedWriter commands;

        private Peer(String host, String... settings) throws IOException {
            List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", host));
            words.add(ProcessHandle.current().info().command().orElse("java"));
            words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
            words.addAll(List.of("-cp", System.getProperty("java.class.path")));
            words.add(LinkPeer.class.getName());
            words.addAll(List.of(settings));
            process =
                    new ProcessBuilder(words)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            answers = process.inputReader();
            commands = process.outputWriter();
        }

        String answer() throws IOException {
            String line = answers.readLine();
            return line == null ? "the process ended" : line;
        }

        void tell(String command) throws IOException {
            commands.write(command);
            commands.newLine();
            commands.flush();
        }

        String ask(String command) throws IOException {
            tell(command);
            return answer();
        }

        /** One of the link's counters. */
        long counter(String name) throws IOException {
            String line = ask("counters");
            int at = line.indexOf(name + "=");
            assertTrue(at >= 0, line);
            return Long.parseLong(line.substring(at + name.length() + 1).split("\\D", 2)[0]);
        }

        /** Waits until a counter has a value. */
        void awaitCounter(String name, long value) throws IOException {
            long startNs = System.nanoTime();
            while (counter(name) != value) {
                assertTrue(
                        System.nanoTime() - startNs < DEADLINE_NS,
                        () -> name + " is not " + value + " in time");
                Thread.onSpinWait();
            }
        }

        /** Stops the process in its tracks, or lets it go on: SIGSTOP, SIGCONT. */
        void signal(String name) throws IOException, InterruptedException {
            run("kill -" + name + " " + process.pid());
        }

        private void close() {
            process.destroyForcibly();
        }
    }
}
