package dev.tandem.tools.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The other side of the API, for the command line and for tests. Every call opens a connection of
 * its own, waits for the answer, and may be made on any thread.
 */
public final class ApiClient {
    private static final Duration QUICK = Duration.ofSeconds(10);

    /** Longer than a handover can take with any allowed setting of its timers. */
    private static final Duration PATIENT = Duration.ofMinutes(3);

    private final Path socket;

    public ApiClient(Path socket) {
        this.socket = socket;
    }

    public Status status() throws ApiException, IOException {
        return get("/v1/status", Status.class);
    }

    /** The connections that match; the parameters are those of the API. */
    public Connections connections(Map<String, String> parameters)
            throws ApiException, IOException {
        StringBuilder uri = new StringBuilder("/v1/connections");
        char separator = '?';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            uri.append(separator).append(parameter.getKey()).append('=');
            uri.append(URLEncoder.encode(parameter.getValue(), UTF_8));
            separator = '&';
        }
        return get(uri.toString(), Connections.class);
    }

    /** Moves the addresses and waits until that is over; null for whoever is readiest. */
    public Report failover(@Nullable String to) throws ApiException, IOException {
        byte[] body = to == null ? new byte[0] : Json.compact(new FailoverRequest(to));
        return read(HttpCall.of(socket, "POST", "/v1/failover", body, PATIENT), Report.class);
    }

    public Reports reports() throws ApiException, IOException {
        return get("/v1/reports", Reports.class);
    }

    private <T> T get(String uri, Class<T> type) throws ApiException, IOException {
        return read(HttpCall.of(socket, "GET", uri, new byte[0], QUICK), type);
    }

    private static <T> T read(HttpCall.Answer answer, Class<T> type)
            throws ApiException, IOException {
        if (answer.status() == 200) {
            return Json.read(answer.body(), type);
        }
        throw new ApiException(
                answer.status(), Json.read(answer.body(), ErrorAnswer.class).error());
    }
}
