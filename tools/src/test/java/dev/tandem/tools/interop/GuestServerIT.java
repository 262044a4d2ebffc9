package dev.tandem.tools.interop;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.tools.demo.lab.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A kernel in a guest is the real server of a director of ours: its own tunnel devices unwrap what
 * we wrap, and its SCTP takes what we translate.
 */
@Tag("interop")
@ExtendWith(InteropExtension.class)
class GuestServerIT {
    private static final int BODY_BYTES = 500_000;
    private static final int SCTP_PORT = 9000;

    @Test
    void shouldReachItThroughItsTunnelDevices(Interop interop) throws Exception {
        TunnelHost host = TunnelHost.open(interop.guests().getLast(), 13);
        host.serve();
        TandemDaemon director = TandemDaemon.prepare(interop, 3);
        director.takeAddresses();
        director.services(
                Arrays.stream(TunnelHost.Way.values()).flatMap(TunnelHost.Way::rules).toList());
        Path sent = interop.directory().resolve("sent");
        byte[] body = new byte[BODY_BYTES];
        new Random(1).nextBytes(body);
        Files.write(sent, body);
        try (Clients clients = interop.clients()) {
            assertAll(
                    Arrays.stream(TunnelHost.Way.values())
                            .map(way -> () -> exchange(interop, host, clients, way, sent)));
        }
    }

    /** Full segments in both directions, which path MTU discovery has to shorten, and datagrams. */
    private static void exchange(
            Interop interop, TunnelHost host, Clients clients, TunnelHost.Way way, Path sent)
            throws Exception {
        long before = host.unwrapped(way);
        Path received = interop.directory().resolve("received");
        try {
            Commands.run(
                    interop.segments()
                            .client()
                            .command(
                                    "curl",
                                    "-sS",
                                    "-g",
                                    "-f",
                                    "--max-time",
                                    "10",
                                    "-H",
                                    "Expect:",
                                    "--data-binary",
                                    "@" + sent,
                                    "-o",
                                    received.toString(),
                                    "http://" + way.service() + "/"),
                    "");
            var _ = clients.udp(way.client(), way.virtual(), way.port(), 5, "a question");
        } catch (IOException e) {
            throw new AssertionError(way + ": " + e.getMessage() + "\n" + host.story(), e);
        }
        assertArrayEquals(Files.readAllBytes(sent), Files.readAllBytes(received), way.toString());
        assertTrue(host.unwrapped(way) - before > BODY_BYTES / 1500, way::toString);
    }

    @Test
    void shouldReachItsSctpByTranslation(Interop interop) throws Exception {
        TandemDaemon director = TandemDaemon.prepare(interop, 3);
        director.takeAddresses();
        String service = Plan.VIRTUAL.getFirst() + ":" + SCTP_PORT;
        director.services(
                List.of(
                        "-A --sctp-service " + service + " -s rr",
                        "-a --sctp-service " + service + " -r 10.82.0.12:" + SCTP_PORT + " -m"));

        Sctp.talk(interop.guests().getLast(), Plan.VIRTUAL.getFirst(), SCTP_PORT);

        List<String> states =
                TableRow.parse(director.ipvsadm("-Lnc")).stream()
                        .filter(row -> row.protocol().equals("SCTP"))
                        .map(TableRow::state)
                        .sorted()
                        .toList();
        assertEquals(List.of("CLOSED", "ESTABLISHED", "ESTABLISHED"), states);
    }
}
