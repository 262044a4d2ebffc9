package dev.tandem.failover.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.failover.config.FailoverConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node listens on, by the kernel's own account. */
@Timeout(60)
class SocketsTest {
    private static final Path FILES = Path.of("/proc/self/fd");
    private static final String TCP_LISTEN = "0A";

    @Test
    void shouldListenOnWhatItIsToldToAndOnNothingElse() throws Exception {
        Set<String> before = listening();
        try (TestPair pair = new TestPair("a", "b")) {
            pair.start("a");
            pair.start("b");
            pair.awaitSettled();
            FailoverConfig config = pair.config("a");
            Set<String> expected = new TreeSet<>();
            for (String address : List.of("127.0.0.1", "127.0.0.2")) {
                expected.add("tcp " + address + " " + config.heartbeatPort());
                expected.add("udp " + address + " " + config.heartbeatPort());
                expected.add("udp " + address + " " + config.groupPort());
            }
            Set<String> now = listening();
            now.removeAll(before);
            assertEquals(expected, now);
        }
    }

    /** Everything that this process would receive something on. */
    private static Set<String> listening() throws IOException {
        Set<String> own = inodes();
        Set<String> sockets = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
                String[] fields = line.strip().split("\\s+", -1);
                boolean listens = table.startsWith("udp") || fields[3].equals(TCP_LISTEN);
                if (!fields[0].equals("sl") && listens && own.contains(fields[9])) {
                    sockets.add(table.replace("6", "") + " " + socket(fields[1]));
                }
            }
        }
        return sockets;
    }

    /** Numbers of the sockets that this process has open. */
    private static Set<String> inodes() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.map(SocketsTest::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (NoSuchFileException _) {
            return "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** An address in words of the host's byte order, and a port; both hexadecimal. */
    private static String socket(String hex) {
        String[] parts = hex.split(":", -1);
        byte[] words = HexFormat.of().parseHex(parts[0]);
        // an IPv4 address is the last word, in IPv6's tables too
        int last = words.length - 4;
        boolean any = parts[0].matches("0+");
        String address =
                "%d.%d.%d.%d"
                        .formatted(
                                words[last + 3] & 0xFF,
                                words[last + 2] & 0xFF,
                                words[last + 1] & 0xFF,
                                words[last] & 0xFF);
        return (any ? "any" : address) + " " + Integer.parseInt(parts[1], 16);
    }
}
