package dev.tandem.tools.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.tools.demo.lab.Iperf;
import dev.tandem.tools.demo.lab.Lab;
import java.io.IOException;

/** The traffic that is measured. */
final class Traffic {
    /** Payload of a UDP frame of 60 bytes. */
    private static final String DATAGRAM_BYTES = "18";

    private Traffic() {}

    /** One TCP stream's goodput in Gbit/s. */
    static double tcpGbits(Lab lab, String target, int seconds)
            throws IOException, InterruptedException {
        JsonNode received =
                Iperf.run(lab, target, "-t", Integer.toString(seconds)).path("sum_received");
        return received.path("bits_per_second").asDouble() / 1e9;
    }

    /**
     * Frames of 60 bytes that arrive at the server, in millions a second, sent as fast as one
     * client thread can.
     */
    static double udpMpps(Lab lab, String target, int seconds)
            throws IOException, InterruptedException {
        JsonNode sum =
                Iperf.run(
                                lab,
                                target,
                                "-u",
                                "-b",
                                "0",
                                "-l",
                                DATAGRAM_BYTES,
                                "-t",
                                Integer.toString(seconds))
                        .path("sum");
        long arrived = sum.path("packets").asLong() - sum.path("lost_packets").asLong();
        return arrived / sum.path("seconds").asDouble() / 1e6;
    }
}
