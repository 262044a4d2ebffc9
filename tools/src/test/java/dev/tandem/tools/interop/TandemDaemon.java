package dev.tandem.tools.interop;

import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.JavaCommand;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tandem as users run it: the daemon as a process, commanded by the ipvsadm that comes with it. */
final class TandemDaemon implements Ipvs, Listed, AutoCloseable {
    private static final Duration START = Duration.ofSeconds(20);

    private final Namespace host;
    private final Path file;
    private final Path socket;
    private final Path ready;
    private final Path log;
    private @Nullable Process process;

    private TandemDaemon(Namespace host, Path directory) {
        this.host = host;
        file = directory.resolve("daemon.yaml");
        socket = directory.resolve("daemon.sock");
        ready = directory.resolve("daemon.ready");
        log = directory.resolve("daemon.log");
    }

    /**
     * A director on the host of number 3 or 4, which owns the addresses from {@link #takeAddresses}
     * on.
     */
    static TandemDaemon prepare(Interop interop, int number) throws IOException {
        var daemon = new TandemDaemon(interop.segments().tandem(number), interop.directory());
        String text =
                """
                node: t%d
                cluster: side-by-side
                role: standalone
                director: {interfaces: [cli, rs], connections: 65536}
                addresses:
                  - {address: %s, interface: cli}
                  - {address: %s, interface: cli}
                  - {address: "%s", interface: cli}
                  - {address: %s, interface: rs}
                  - {address: "%s", interface: rs}
                services: []
                api: {socket: %s, reports: %s}
                """
                        .formatted(
                                number,
                                Plan.VIRTUAL.getFirst(),
                                Plan.VIRTUAL.getLast(),
                                Plan.VIRTUAL6,
                                Plan.GATEWAY,
                                Plan.GATEWAY6,
                                daemon.socket,
                                interop.directory().resolve("reports"));
        Files.writeString(daemon.file, text);
        return interop.keep(daemon);
    }

    /** One that runs by a file of its own. */
    static TandemDaemon start(Interop interop, int number, TandemFile file) throws Exception {
        String node = "t" + number;
        Path directory = Files.createTempDirectory(interop.directory(), node);
        var daemon = new TandemDaemon(interop.segments().tandem(number), directory);
        Files.writeString(daemon.file, file.text("daemon", directory));
        interop.keep(daemon).start();
        return daemon;
    }

    @Override
    public void takeAddresses() throws Exception {
        start();
    }

    private void start() throws Exception {
        Process started =
                new ProcessBuilder(
                                JavaCommand.in(
                                        host,
                                        "dev.tandem.tools.Main",
                                        "run",
                                        "-c",
                                        file.toString(),
                                        "--ready-file",
                                        ready.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        process = started;
        Await.none(
                "the daemon is ready",
                START,
                () -> {
                    if (!started.isAlive()) {
                        throw new IOException(Files.readString(log));
                    }
                    return Files.exists(ready) ? "" : "not yet";
                });
    }

    @Override
    public String ipvsadm(String arguments) throws IOException {
        return ipvsadm(List.of(arguments.split(" ")), "");
    }

    @Override
    public void services(List<String> rules) throws IOException {
        ipvsadm(List.of("-R"), String.join("\n", rules) + "\n");
    }

    private String ipvsadm(List<String> arguments, String input) throws IOException {
        var command = new ArrayList<>(List.of("env", "TANDEM_SOCKET=" + socket));
        command.addAll(JavaCommand.in(host, "dev.tandem.tools.Main", "ipvsadm"));
        command.addAll(arguments);
        return Commands.run(command, input);
    }

    @Override
    public List<TableRow> table() throws IOException {
        return TableRow.parse(ipvsadm("-Lnc"));
    }

    @Override
    public void releaseAddresses() {
        close();
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            process = null;
            running.destroy();
            try {
                if (!running.waitFor(5, TimeUnit.SECONDS)) {
                    running.destroyForcibly();
                }
            } catch (InterruptedException _) {
                running.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return "tandem";
    }
}
