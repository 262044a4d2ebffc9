package dev.tandem.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two links on two hosts: network namespaces joined by a cable, a process in each. Needs root, ip
 * and tcpdump.
 */
@Tag("netns")
@Timeout(120)
class MulticastLinkIT {
    private static final String PREFIX = "tandem-sync-" + ProcessHandle.current().pid() + "-";
    private static final String HOST_A = PREFIX + "a";
    private static final String HOST_B = PREFIX + "b";
    private static final int FULL = SyncLinkConfig.DEFAULT_MAX_LENGTH;

    private final List<Peer> peers = new ArrayList<>();

    /** A {@link LinkPeer} in a namespace, told what to do and asked how it went. */
    private static final class Peer implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final BufferedWriter commands;

        Peer(String host, String interfaceName, int maxLength) throws IOException {
            process =
                    command(
                                    "ip",
                                    "netns",
                                    "exec",
                                    host,
                                    ProcessHandle.current().info().command().orElse("java"),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    LinkPeer.class.getName(),
                                    interfaceName,
                                    SyncLinkConfig.DEFAULT_GROUP,
                                    Integer.toString(SyncLinkConfig.DEFAULT_PORT),
                                    Integer.toString(maxLength))
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

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static ProcessBuilder command(String... words) {
        return new ProcessBuilder(words);
    }

    private static void run(String line) throws IOException, InterruptedException {
        Process process = command(line.split(" ", -1)).redirectErrorStream(true).start();
        String output = String.join("\n", process.inputReader().lines().toList());
        assertEquals(0, process.waitFor(), line + ": " + output);
    }

    @BeforeEach
    void connectTwoHosts() throws IOException, InterruptedException {
        run("ip netns add " + HOST_A);
        run("ip netns add " + HOST_B);
        run("ip -n " + HOST_A + " link add sync type veth peer name sync netns " + HOST_B);
        run("ip -n " + HOST_A + " address add 10.99.0.1/24 dev sync");
        run("ip -n " + HOST_A + " address add 10.98.0.7/24 dev sync");
        run("ip -n " + HOST_A + " address add 10.99.0.9/24 dev sync");
        run("ip -n " + HOST_B + " address add 10.99.0.2/24 dev sync");
        for (String host : List.of(HOST_A, HOST_B)) {
            run("ip -n " + host + " link set sync up");
            run("ip -n " + host + " link set lo up");
        }
    }

    @AfterEach
    void removeHosts() throws IOException, InterruptedException {
        peers.forEach(Peer::close);
        run("ip netns del " + HOST_A);
        run("ip netns del " + HOST_B);
    }

    private Peer open(String host, int maxLength) throws IOException {
        Peer peer = new Peer(host, "sync", maxLength);
        peers.add(peer);
        assertEquals("ready", peer.answer());
        return peer;
    }

    @Test
    void shouldCarryMessagesBothWaysAndNotHearItself() throws IOException {
        Peer a = open(HOST_A, FULL);
        Peer b = open(HOST_B, FULL);

        b.tell("await 1000");
        assertEquals("done", a.ask("send 1000 1472"));
        assertEquals("in order, 1472000 bytes", b.answer());
        a.tell("await 1");
        assertEquals("done", b.ask("send 1 44"));
        assertEquals("in order, 44 bytes", a.answer());

        assertTrue(a.ask("counters").contains("received=1,"));
        assertTrue(b.ask("counters").contains("received=1000,"));
    }

    @Test
    void shouldLookLikeTheKernelsMasterOnTheWire() throws IOException, InterruptedException {
        Process tcpdump =
                command(
                                ("ip netns exec " + HOST_B)
                                        .concat(
                                                " tcpdump --immediate-mode -l -n -v -c 1 -i sync udp")
                                        .split(" ", -1))
                        .start();
        try {
            // it says on standard error when it listens
            assertTrue(tcpdump.errorReader().readLine().contains("listening on sync"));
            Peer a = open(HOST_A, FULL);

            assertEquals("done", a.ask("send 1 44"));

            String packet = String.join(" ", tcpdump.inputReader().lines().toList());
            assertTrue(packet.contains("ttl 1,"), packet);
            assertTrue(
                    packet.matches(".* 10\\.99\\.0\\.1\\.\\d+ > 224\\.0\\.0\\.81\\.8848: .*"),
                    packet);
            assertTrue(packet.contains("length 44"), packet);
        } finally {
            tcpdump.destroy();
            assertTrue(tcpdump.waitFor(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldCountErrorsAndGoOnWhenTheInterfaceComesBack()
            throws IOException, InterruptedException {
        Peer a = open(HOST_A, FULL);
        Peer b = open(HOST_B, FULL);

        run("ip -n " + HOST_A + " link set sync down");
        assertEquals("done", a.ask("send 5 100"));
        assertTrue(a.ask("counters").contains("sent=0, sendErrors=5,"));
        run("ip -n " + HOST_A + " link set sync up");

        b.tell("await 3");
        assertEquals("done", a.ask("send 3 100"));
        assertEquals("in order, 300 bytes", b.answer());
        a.tell("await 2");
        assertEquals("done", b.ask("send 2 100"));
        assertEquals("in order, 200 bytes", a.answer());
    }

    @Test
    void shouldCountMessagesThatAreTooLong() throws IOException {
        Peer a = open(HOST_A, 4000);
        Peer b = open(HOST_B, FULL);

        b.tell("await 2");
        assertEquals("done", a.ask("send 1 1472"));
        assertEquals("done", a.ask("send 1 1473"));
        assertEquals("done", a.ask("send 1 4000"));
        assertEquals("done", a.ask("send 1 44"));
        assertEquals("disordered, 1516 bytes", b.answer());

        assertTrue(
                b.ask("counters")
                        .contains("received=2, receiveErrors=0, receiveDrops=0, truncated=2"));
    }

    @Test
    void shouldDropAndCountWhenTheWorkerIsBehind() throws IOException {
        Peer a = open(HOST_A, FULL);
        Peer b = open(HOST_B, FULL);

        assertEquals("done", a.ask("send 300 44"));
        long startNs = System.nanoTime();
        String counters = b.ask("counters");
        while (!counters.contains("receiveDrops=44,")) {
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(20), counters);
            counters = b.ask("counters");
        }
        assertEquals("in order, 11264 bytes", b.ask("await 256"));
        b.tell("await 1");
        assertEquals("done", a.ask("send 1 44"));
        assertEquals("in order, 44 bytes", b.answer());
    }

    @Test
    void shouldSayThatTheInterfaceHasNoAddress() throws IOException, InterruptedException {
        run("ip -n " + HOST_B + " address flush dev sync");
        try (Peer b = new Peer(HOST_B, "sync", FULL)) {
            String line = b.answer();
            assertTrue(
                    line.endsWith("on sync to 224.0.0.81:8848: the interface has no IPv4 address"),
                    line);
        }
    }
}
