package dev.tandem.tools.ipvsadm;

import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the daemon's socket is, and a daemon where none answers: what loading the module is to
 * ipvsadm itself. Only where it was asked for, by TANDEM_AUTOSTART=1 or the file
 * /etc/tandem/autostart; such a daemon serves the network namespace that it was started in.
 */
final class Autostart {
    private static final Path DEFAULT_SOCKET = Path.of("/run/tandem/tandem.sock");
    private static final Path SWITCH = Path.of("/etc/tandem/autostart");
    private static final Path OWN_NAMESPACE = Path.of("/proc/self/ns/net");
    private static final Path FIRST_NAMESPACE = Path.of("/proc/1/ns/net");
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_MS = 20;

    private final Path socket;
    private final boolean wanted;

    private Autostart(Path socket, boolean wanted) {
        this.socket = socket;
        this.wanted = wanted;
    }

    /**
     * Finds the socket.
     *
     * @param given on the command line; null: not there
     */
    static Autostart of(@Nullable String given, Map<String, String> environment) {
        boolean wanted = "1".equals(environment.get("TANDEM_AUTOSTART")) || Files.exists(SWITCH);
        String named = given == null ? environment.get("TANDEM_SOCKET") : given;
        return new Autostart(named == null ? usual(wanted) : Path.of(named), wanted);
    }

    Path socket() {
        return socket;
    }

    /** The socket of this network namespace, where there is one or will be. */
    private static Path usual(boolean wanted) {
        String own = namespace(OWN_NAMESPACE);
        Path ofNamespace =
                Objects.requireNonNull(DEFAULT_SOCKET.getParent())
                        .resolve("netns-" + own + ".sock");
        boolean another = wanted && !own.equals(namespace(FIRST_NAMESPACE));
        return !own.isEmpty() && (another || Files.exists(ofNamespace))
                ? ofNamespace
                : DEFAULT_SOCKET;
    }

    /** The number in {@code net:[4026531840]}; empty when it cannot be read. */
    private static String namespace(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().replaceAll("\\D", "");
        } catch (IOException _) {
            return "";
        }
    }

    /**
     * Starts a daemon when that is wanted and none answers, and waits until it does.
     *
     * @throws IOException when it does not come up, with where it says why
     */
    void ensure() throws IOException {
        String command = System.getProperty("tandem.command", "");
        if (!wanted || command.isEmpty() || answers()) {
            return;
        }
        Files.createDirectories(Objects.requireNonNull(socket.toAbsolutePath().getParent()));
        File log = new File(socket + ".log");
        Process daemon =
                new ProcessBuilder(
                                List.of(
                                        "setsid",
                                        command,
                                        "run",
                                        "--standalone",
                                        socket.toString()))
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .redirectError(ProcessBuilder.Redirect.appendTo(log))
                        .start();
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!answers()) {
            if (System.nanoTime() - deadlineNs > 0 || !daemon.isAlive()) {
                throw new IOException("the daemon did not start; see " + log);
            }
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException _) {
                throw new IOException("interrupted while the daemon starts");
            }
        }
    }

    private boolean answers() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
