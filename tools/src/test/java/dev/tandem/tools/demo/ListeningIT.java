package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.config.Forwarding;
import dev.tandem.tools.demo.lab.DirectorProcess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a whole node listens on, by the account of its host's kernel. */
@Tag("netns")
class ListeningIT {
    private static final long JOIN_NS = TimeUnit.SECONDS.toNanos(10);

    @Test
    void shouldListenOnWhatItsFileSaysAndOnNothingElse() throws Exception {
        try (RunningPair running = RunningPair.start(Forwarding.NAT, true)) {
            for (DirectorProcess director : running.pair.directors()) {
                String link = "10.77.3." + (director.index() + 1);
                Set<String> expected =
                        new TreeSet<>(
                                List.of(
                                        "tcp " + link + ":8849",
                                        "tcp " + link + ":8850",
                                        "udp " + link + ":8850",
                                        "udp " + link + ":8851",
                                        "udp 224.0.0.81:8848"));
                // the group is joined in the background
                Set<String> listening = listening(running, director);
                long deadlineNs = System.nanoTime() + JOIN_NS;
                while (!listening.equals(expected) && System.nanoTime() - deadlineNs < 0) {
                    TimeUnit.MILLISECONDS.sleep(50);
                    listening = listening(running, director);
                }
                assertEquals(expected, listening, director.node());
            }
        }
    }

    private static Set<String> listening(RunningPair running, DirectorProcess director)
            throws Exception {
        Process ss =
                new ProcessBuilder(running.lab.director(director.index()).command("ss", "-Hlntu"))
                        .start();
        Set<String> sockets = new TreeSet<>();
        new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.strip().split("\\s+", -1))
                .forEach(fields -> sockets.add(fields[0] + " " + ipv4(fields[4])));
        assertEquals(0, ss.waitFor());
        return sockets;
    }

    /** An IPv4 address as the kernel shows it of a socket that could do IPv6 too. */
    private static String ipv4(String socket) {
        return socket.replace("[::ffff:", "").replace("]", "");
    }
}
