package dev.tandem.tools.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.conn.ConnectionFilter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiServerTest {
    @TempDir Path dir;
    private final FakeBackend backend = new FakeBackend();
    private Path socket;
    private ApiServer server;
    private ApiClient client;

    @BeforeEach
    void open() throws IOException {
        socket = dir.resolve("run/a.sock");
        server = ApiServer.open(socket, backend);
        client = new ApiClient(socket);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void shouldCarryEveryAnswer() throws Exception {
        assertEquals(backend.status("web"), client.status());
        assertEquals(new Reports(backend.reports("")), client.reports(""));
        assertEquals(
                backend.failover(FailoverRequest.to("c")),
                client.failover(FailoverRequest.to("c")));
        assertEquals(
                backend.failover(FailoverRequest.to(null)),
                client.failover(FailoverRequest.to(null)));
        Map<String, String> query =
                Map.of("protocol", "TCP", "client", "203.0.113.9:40001", "limit", "5");
        assertEquals(2, client.connections(query).connections().size());
        assertEquals(
                new ConnectionQuery(
                        ConnectionFilter.parse("tcp", "203.0.113.9:40001", "", "", ""), 5),
                backend.asked);
    }

    @Test
    void shouldBeForItsOwnerOnly() throws IOException {
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        try (var files = Files.list(socket.resolveSibling("."))) {
            assertEquals(1, files.count(), "nothing but the socket is left behind");
        }
    }

    @Test
    void shouldRefuseToReplaceALivingDaemon() {
        IOException e = assertThrows(IOException.class, () -> ApiServer.open(socket, backend));
        assertTrue(
                String.valueOf(e.getMessage()).startsWith("another daemon answers at " + socket));
    }

    @Test
    void shouldReplaceADeadDaemonsSocketAndRemoveOnlyItsOwn() throws Exception {
        Path path = dir.resolve("dead.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        try (ApiServer _ = ApiServer.open(path, backend)) {
            assertEquals("a", new ApiClient(path).status().node());
        }
        assertFalse(Files.exists(path));
        Files.delete(socket);
        try (ApiServer _ = ApiServer.open(socket, backend)) {
            server.close();
            assertEquals("a", client.status().node());
        }
    }

    @Test
    void shouldLeaveAnOrdinaryFileAlone() throws IOException {
        Path file = Files.writeString(dir.resolve("precious"), "data");
        assertThrows(IOException.class, () -> ApiServer.open(file, backend));
        assertEquals("data", Files.readString(file));
    }

    @Test
    void shouldSayThatNoDaemonAnswers() {
        ApiClient nobody = new ApiClient(dir.resolve("none"));
        ConnectException e = assertThrows(ConnectException.class, nobody::status);
        assertTrue(String.valueOf(e.getMessage()).startsWith("no daemon answers at " + dir));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "GET    | /v1/nothing | 404 | no such path; there are /v1/clusters, /v1/config, /v1/connections, /v1/failover, /v1/history, /v1/ipvs, /v1/maintenance, /v1/reports, /v1/settings, /v1/status, /v1/sync/keys, /v1/why",
                "GET    | /           | 404 | no such path; there are /v1/clusters, /v1/config, /v1/connections, /v1/failover, /v1/history, /v1/ipvs, /v1/maintenance, /v1/reports, /v1/settings, /v1/status, /v1/sync/keys, /v1/why",
                "POST   | /v1/status  | 405 | /v1/status takes GET, not POST",
                "GET    | /v1/failover | 405 | /v1/failover takes POST, not GET",
                "DELETE | /v1/ipvs    | 405 | /v1/ipvs takes GET and POST, not DELETE",
                "GET    | /v1/status?x=1 | 400 | unknown parameter 'x'; known here: cluster",
                "GET    | /v1/connections?prot=tcp | 400 | unknown parameter 'prot'; known here: cluster, protocol, client, virtual, real, state, limit",
                "GET    | /v1/connections?protocol=icmp | 400 | parameter 'protocol': unknown protocol 'icmp'; known: tcp, udp, sctp, esp, ah, ip",
                "GET    | /v1/connections?client=10.0.0.1:x | 400 | parameter 'client': '10.0.0.1:x' is none of ADDRESS, ADDRESS:PORT, [IPV6]:PORT, :PORT",
                "GET    | /v1/connections?real=localhost | 400 | parameter 'real': 'localhost' is none of ADDRESS, ADDRESS:PORT, [IPV6]:PORT, :PORT",
                "GET    | /v1/connections?limit=0 | 400 | parameter 'limit': '0' is not a whole number from 1 to 100000",
                "GET    | /v1/connections?limit=1&limit=2 | 400 | parameter 'limit' is there twice",
                "GET    | /v1/connections?limit=%zz | 400 | the query is malformed: invalid hex byte 'zz' at index 23 of '/v1/connections?limit=%zz'",
            })
    void shouldSayWhatIsWrongWithARequest(String method, String uri, int status, String error)
            throws IOException {
        HttpCall.Answer answer = call(method, uri, "");
        assertEquals(
                Json.pretty(new ErrorAnswer(error)),
                Json.pretty(Json.read(answer.body(), ErrorAnswer.class)));
        assertEquals(status, answer.status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'to' | 400",
                "[] | 400",
                "{\"too\": \"b\"} | 400",
                "{\"to\": \"b\"} x | 400",
                "{\"to\": \"b\", \"take\": true} | 400",
                "{\"release\": true, \"force\": true} | 400",
                "{\"take\": true, \"dryRun\": true} | 400",
                "{\"to\": \"b\", \"dryRun\": true} | 200",
                "{\"take\": true, \"force\": true, \"cluster\": \"web\"} | 200",
                "{} | 200",
                "{\"to\": null} | 200"
            })
    void shouldReadTheBodyStrictly(String body, int status) throws IOException {
        assertEquals(status, call("POST", "/v1/failover", body).status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 400 | operations is missing",
                "{\"operations\": [{}]} | 400 | every operation needs a command",
                "{\"operations\": [{\"command\": \"ADD_SERVICE\"}]} | 400 | ADD_SERVICE needs a service",
                "{\"operations\": [{\"command\": \"SET_TIMEOUTS\"}]} | 400 | SET_TIMEOUTS needs a timeouts",
                "{\"operations\": [{\"command\": \"START_DAEMON\"}]} | 400 | START_DAEMON needs a daemon",
                "{\"operations\": [{\"command\": \"FLUSH\"}]} | 200 | ''"
            })
    void shouldReadChangesStrictly(String body, int status, String error) throws IOException {
        HttpCall.Answer answer = call("POST", "/v1/ipvs", body);
        assertEquals(status, answer.status());
        assertEquals(
                error, status == 200 ? "" : Json.read(answer.body(), ErrorAnswer.class).error());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 400",
                "{\"settings\": {}} | 400",
                "{\"settings\": {\"a\": null}} | 400",
                "{\"settings\": {\"a\": \"x\"}} | 400",
                "{\"settings\": {\"a\": 1}, \"x\": 1} | 400",
                "{\"cluster\": \"web\", \"settings\": {\"a\": 1}} | 200"
            })
    void shouldReadSettingsStrictly(String body, int status) throws IOException {
        assertEquals(status, call("POST", "/v1/settings", body).status());
    }

    @Test
    void shouldCarrySettingsThereAndBack() throws Exception {
        SettingsAnswer answer = client.settings("web", List.of("a", "b&c"));
        assertEquals(List.of("a", "b&c"), backend.askedSettings);
        assertEquals(backend.settings("web", List.of()), answer);
        client.settings(new SettingsRequest("web", Map.of("drop_entry", 1L)));
        assertEquals(new SettingsRequest("web", Map.of("drop_entry", 1L)), backend.wantedSettings);
    }

    @Test
    void shouldCarryIpvsThereAndBack() throws Exception {
        Ipvs ipvs = client.ipvs("web");
        assertEquals("web", backend.askedCluster);
        assertEquals(backend.ipvs("web"), ipvs);
        Ipvs.Service service = ipvs.services().getFirst();
        IpvsRequest request =
                new IpvsRequest(
                        null,
                        List.of(
                                IpvsOperation.ofService(
                                        IpvsOperation.Command.ADD_SERVICE,
                                        service.id(),
                                        service.settings()),
                                IpvsOperation.zero(null)));
        assertEquals(
                List.of(new IpvsAnswer.Result("EEXIST", ""), IpvsAnswer.Result.DONE),
                client.ipvs(request).results());
        assertEquals(request, backend.changes);
    }

    @Test
    void shouldRefuseALongBodyAndGoOn() throws Exception {
        HttpCall.Answer answer = call("POST", "/v1/failover", " ".repeat(ApiServer.MAX_BODY + 1));
        assertEquals(413, answer.status());
        assertEquals("a", client.status().node());
    }

    @Test
    void shouldPassOnTheReasonOfARefusal() {
        backend.refusal = "no backup is ready";
        ApiException e =
                assertThrows(ApiException.class, () -> client.failover(FailoverRequest.to(null)));
        assertEquals(409, e.status());
        assertEquals("no backup is ready", e.getMessage());
    }

    @Test
    void shouldSurviveGarbage() throws Exception {
        SplittableRandom random = new SplittableRandom(4711);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[random.nextInt(1, 5000)];
            random.nextBytes(garbage);
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                channel.write(ByteBuffer.wrap(garbage));
            }
        }
        assertTrue(raw("NONSENSE\r\n\r\n").startsWith("HTTP/1.1 400 "));
        assertTrue(
                raw("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\n\r\n")
                        .startsWith("HTTP/1.1 400 "));
        assertEquals("a", client.status().node());
    }

    @Test
    void shouldAnswerOthersWhileAFailoverIsUnderWay() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        backend.hold = gate;
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Future<Report> failover =
                    threads.submit(() -> client.failover(FailoverRequest.to("b")));
            List<Future<Status>> others = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                others.add(threads.submit(() -> client.status()));
            }
            for (Future<Status> other : others) {
                assertEquals("a", other.get().node());
            }
            assertFalse(failover.isDone());
            gate.countDown();
            assertEquals("b", failover.get().to());
        } finally {
            gate.countDown();
        }
    }

    private HttpCall.Answer call(String method, String uri, String body) throws IOException {
        return HttpCall.of(socket, method, uri, body.getBytes(UTF_8), Duration.ofSeconds(10));
    }

    private String raw(String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            Channels.newInputStream(channel).transferTo(answer);
            return answer.toString(ISO_8859_1);
        }
    }
}
