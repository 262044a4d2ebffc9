package dev.tandem.tools.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.Lab;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** iperf3 from the client to the first server, by way of whatever forwards. */
final class Traffic {
    private static final int DATAGRAM_BYTES = 18;

    private Traffic() {}

    /** One TCP stream's goodput. */
    static double tcpGbits(Lab lab, String target, int seconds)
            throws IOException, InterruptedException {
        return iperf(lab, target, seconds, List.of())
                        .path("sum_received")
                        .path("bits_per_second")
                        .asDouble()
                / 1e9;
    }

    /** Frames of 60 bytes that arrive at the server, sent as fast as one client thread can. */
    static double udpMpps(Lab lab, String target, int seconds)
            throws IOException, InterruptedException {
        JsonNode sum =
                iperf(
                                lab,
                                target,
                                seconds,
                                List.of("-u", "-b", "0", "-l", Integer.toString(DATAGRAM_BYTES)))
                        .path("sum");
        long arrived = sum.path("packets").asLong() - sum.path("lost_packets").asLong();
        return arrived / sum.path("seconds").asDouble() / 1e6;
    }

    private static JsonNode iperf(Lab lab, String target, int seconds, List<String> options)
            throws IOException, InterruptedException {
        Process server =
                new ProcessBuilder(lab.server(1).command("iperf3", "-s", "-1", "--forceflush"))
                        .redirectErrorStream(true)
                        .start();
        try (var lines = server.inputReader()) {
            while (!String.valueOf(lines.readLine()).contains("listening")) {
                if (!server.isAlive()) {
                    throw new IOException("iperf3 did not start");
                }
            }
            var command =
                    Stream.concat(
                            lab
                                    .client()
                                    .command(
                                            "iperf3",
                                            "-J",
                                            "-c",
                                            target,
                                            "-t",
                                            Integer.toString(seconds))
                                    .stream(),
                            options.stream());
            return new ObjectMapper().readTree(Commands.run(command.toList(), "")).path("end");
        } finally {
            server.destroy();
            server.waitFor();
        }
    }
}
