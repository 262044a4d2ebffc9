package dev.tandem.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.director.config.Forwarding;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Iperf;
import dev.tandem.tools.demo.lab.LabPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Ordinary programs through the pair's address. */
@Tag("netns")
@ParameterizedClass(name = "{0}, offloads {1}")
@CsvSource({"NAT, true", "NAT, false", "DR, true", "DR, false"})
class TrafficIT {
    private static final int SHORT_CONNECTIONS = 1000;

    /**
     * Every server takes part. Not more: the servers reset some connections when they are done, the
     * client then sends nothing any more, and a director of direct routing, which sees only the
     * client, counts them as active until they time out.
     */
    private static final int FAIR_SHARE = 50;

    /** A floor that only something broken falls below. */
    private static final double TCP_FLOOR_MBITS = 100;

    private static final double UDP_MBITS = 40;

    /** What a receiver that shares its processors may lose; the director may lose nothing. */
    private static final double UDP_MAX_LOSS_PERCENT = 30;

    private static @Nullable RunningPair running;
    private static final List<FileServer> FILES = new ArrayList<>();

    @Parameter(0)
    private Forwarding forwarding = Forwarding.NAT;

    @Parameter(1)
    private boolean offloads;

    @BeforeParameterizedClassInvocation
    static void start(Forwarding forwarding, boolean offloads) throws Exception {
        RunningPair pair = RunningPair.start(forwarding, offloads);
        running = pair;
        for (int number = 1; number <= LabPlan.SERVERS; number++) {
            FILES.add(FileServer.start(pair.lab.server(number), RunningPair.HTTP));
        }
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        FILES.forEach(FileServer::close);
        FILES.clear();
        if (running != null) {
            running.close();
            running = null;
        }
    }

    @Test
    void shouldCarryALargeFileByteForByte() throws Exception {
        Process curl =
                new ProcessBuilder(client("curl", "-sS", "-f", "--max-time", "120", url("large")))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long length;
        try (var body = new DigestInputStream(curl.getInputStream(), digest)) {
            length = body.transferTo(OutputStream.nullOutputStream());
        }

        assertEquals(0, curl.waitFor(), this::logs);
        assertEquals(FileServer.LARGE_LENGTH, length);
        assertEquals(FileServer.largeSha256(), HexFormat.of().formatHex(digest.digest()));
    }

    @Test
    void shouldServeManyShortConnections() throws Exception {
        String urls = url("small") + "?[1-" + SHORT_CONNECTIONS + "]";
        String codes =
                Commands.run(
                        client(
                                "curl",
                                "-sS",
                                "--max-time",
                                "60",
                                "-H",
                                "Connection: close",
                                "-o",
                                "/dev/null",
                                "-w",
                                "%{http_code}\\n",
                                urls),
                        "");

        assertEquals(SHORT_CONNECTIONS, codes.lines().filter("200"::equals).count(), this::logs);
        if (forwarding == Forwarding.NAT) {
            DirectorProcess master = pair().pair.master().orElseThrow();
            pair().await("all are seen to be over", () -> activeHttp(master) == 0);
        }
        for (FileServer server : FILES) {
            assertTrue(
                    server.smallRequests() >= FAIR_SHARE,
                    () -> "a server got only " + server.smallRequests());
        }
    }

    @Test
    void shouldCarryIperfOverTcp() throws Exception {
        JsonNode end = iperf("-t", "3");

        double mbits = end.path("sum_received").path("bits_per_second").asDouble() / 1e6;
        System.out.printf(
                "iperf3 TCP, %s, offloads %s: %.0f Mbit/s%n", forwarding, offloads, mbits);
        assertTrue(mbits >= TCP_FLOOR_MBITS, () -> mbits + " Mbit/s\n" + logs());
    }

    @Test
    void shouldCarryIperfOverUdp() throws Exception {
        DirectorProcess master = pair().pair.master().orElseThrow();
        long lostBefore = lostBy(master);
        JsonNode sum = iperf("-u", "-b", (int) UDP_MBITS + "M", "-t", "3").path("sum");

        double mbits = sum.path("bits_per_second").asDouble() / 1e6;
        double lostPercent = sum.path("lost_percent").asDouble();
        System.out.printf(
                "iperf3 UDP, %s, offloads %s: %.0f Mbit/s, %.2f %% lost%n",
                forwarding, offloads, mbits, lostPercent);
        assertTrue(mbits >= UDP_MBITS * 0.9, () -> mbits + " Mbit/s\n" + logs());
        assertEquals(lostBefore, lostBy(master), "lost by the director");
        assertTrue(lostPercent <= UDP_MAX_LOSS_PERCENT, () -> lostPercent + " % lost\n" + logs());
    }

    private static int activeHttp(DirectorProcess director) {
        return director.status().orElseThrow().services().stream()
                .filter(service -> service.port() == RunningPair.HTTP)
                .flatMap(service -> service.servers().stream())
                .mapToInt(Status.Server::active)
                .sum();
    }

    /** Frames that the director did not get out of its ring in time, or not onto the wire. */
    private static long lostBy(DirectorProcess director) {
        return director.status().orElseThrow().ports().stream()
                .mapToLong(port -> port.receiveDropped() + port.sendFailed())
                .sum();
    }

    private static JsonNode iperf(String... options) throws IOException, InterruptedException {
        return Iperf.run(pair().lab, LabPlan.VIRTUAL, options);
    }

    private List<String> client(String... command) {
        return pair().lab.client().command(command);
    }

    private static String url(String path) {
        return "http://%s:%d/%s".formatted(LabPlan.VIRTUAL, RunningPair.HTTP, path);
    }

    private static RunningPair pair() {
        return Objects.requireNonNull(running);
    }

    private String logs() {
        return pair().pair.logs();
    }
}
