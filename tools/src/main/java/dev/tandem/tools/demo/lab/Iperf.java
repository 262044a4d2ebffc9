package dev.tandem.tools.demo.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** iperf3 from a lab's client to its first server, by way of whatever forwards in between. */
public final class Iperf {
    /** The port it listens on, and opens its connections to. */
    public static final int PORT = 5201;

    private Iperf() {}

    /**
     * Runs a client against a server that serves it alone.
     *
     * @param target where the client connects to
     * @param options further options of the client
     * @return what the client says at the end: the object {@code end} of its JSON
     */
    public static JsonNode run(Lab lab, String target, String... options)
            throws IOException, InterruptedException {
        List<String> listen =
                lab.server(1)
                        .command(
                                "iperf3",
                                "-s",
                                "-1",
                                "--forceflush",
                                "-B",
                                lab.plan().serverBind(1));
        Process server = new ProcessBuilder(listen).redirectErrorStream(true).start();
        try (var lines = server.inputReader()) {
            while (!String.valueOf(lines.readLine()).contains("listening")) {
                if (!server.isAlive()) {
                    throw new IOException("iperf3 did not start");
                }
            }
            var command =
                    Stream.concat(
                            lab.client().command("iperf3", "-J", "-c", target).stream(),
                            Stream.of(options));
            return new ObjectMapper().readTree(Commands.run(command.toList(), "")).path("end");
        } finally {
            server.destroy();
            server.waitFor();
        }
    }
}
