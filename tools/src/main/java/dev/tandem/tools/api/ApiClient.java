package dev.tandem.tools.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** Of a node of one cluster. */
    public Status status() throws ApiException, IOException {
        return get("/v1/status", Status.class);
    }

    /** Of one cluster. */
    public Status status(String cluster) throws ApiException, IOException {
        return get(uri("/v1/status", Map.of("cluster", cluster)), Status.class);
    }

    /** Of the whole node. */
    public Overview overview() throws ApiException, IOException {
        return get("/v1/clusters", Overview.class);
    }

    /** The connections that match; the parameters are those of the API. */
    public Connections connections(Map<String, String> parameters)
            throws ApiException, IOException {
        return get(uri("/v1/connections", parameters), Connections.class);
    }

    /** Moves, takes or releases the addresses and waits until that is over. */
    public Report failover(FailoverRequest request) throws ApiException, IOException {
        byte[] body = Json.compact(request);
        return read(HttpCall.of(socket, "POST", "/v1/failover", body, PATIENT), Report.class);
    }

    /** What would be looked at before that move, and what is found; nothing is done. */
    public Checks check(FailoverRequest request) throws ApiException, IOException {
        byte[] body = Json.compact(request.dry());
        return read(HttpCall.of(socket, "POST", "/v1/failover", body, QUICK), Checks.class);
    }

    /** Keeps the node from owning the addresses, or lets it again, and waits until it is so. */
    public Maintenance maintenance(MaintenanceRequest request) throws ApiException, IOException {
        byte[] body = Json.compact(request);
        return read(
                HttpCall.of(socket, "POST", "/v1/maintenance", body, PATIENT), Maintenance.class);
    }

    /** Of one cluster, or with an empty name of all. */
    public Reports reports(String cluster) throws ApiException, IOException {
        Map<String, String> parameters = cluster.isEmpty() ? Map.of() : Map.of("cluster", cluster);
        return get(uri("/v1/reports", parameters), Reports.class);
    }

    /** The node's changes of state, of one cluster, or with an empty name of all. */
    public History history(String cluster, int limit) throws ApiException, IOException {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (!cluster.isEmpty()) {
            parameters.put("cluster", cluster);
        }
        parameters.put("limit", "" + limit);
        return get(uri("/v1/history", parameters), History.class);
    }

    /** Of the cluster, or with an empty name of the only one. */
    public Why why(String cluster) throws ApiException, IOException {
        return get(
                cluster.isEmpty() ? "/v1/why" : uri("/v1/why", Map.of("cluster", cluster)),
                Why.class);
    }

    /** All that IPVS has, of the cluster, or with an empty name of the only one. */
    public Ipvs ipvs(String cluster) throws ApiException, IOException {
        return get(
                cluster.isEmpty() ? "/v1/ipvs" : uri("/v1/ipvs", Map.of("cluster", cluster)),
                Ipvs.class);
    }

    /** Makes changes, and says what became of each. */
    public IpvsAnswer ipvs(IpvsRequest request) throws ApiException, IOException {
        byte[] body = Json.compact(request);
        return read(HttpCall.of(socket, "POST", "/v1/ipvs", body, QUICK), IpvsAnswer.class);
    }

    /** Settings of the cluster, or with an empty name of the only one; without names all. */
    public SettingsAnswer settings(String cluster, List<String> names)
            throws ApiException, IOException {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (!cluster.isEmpty()) {
            parameters.put("cluster", cluster);
        }
        if (!names.isEmpty()) {
            parameters.put("name", String.join(",", names));
        }
        return get(uri("/v1/settings", parameters), SettingsAnswer.class);
    }

    /** Sets all of these or nothing, and says how they stand. */
    public SettingsAnswer settings(SettingsRequest request) throws ApiException, IOException {
        byte[] body = Json.compact(request);
        return read(HttpCall.of(socket, "POST", "/v1/settings", body, QUICK), SettingsAnswer.class);
    }

    /** The node's configuration file with the services and settings as they are now. */
    public ConfigText config() throws ApiException, IOException {
        return get("/v1/config", ConfigText.class);
    }

    /** Has that written. */
    public ConfigText saveConfig() throws ApiException, IOException {
        return read(
                HttpCall.of(socket, "POST", "/v1/config", new byte[0], QUICK), ConfigText.class);
    }

    /** Has the keys of sync messages read anew. */
    public Keys reloadKeys() throws ApiException, IOException {
        return read(HttpCall.of(socket, "POST", "/v1/sync/keys", new byte[0], QUICK), Keys.class);
    }

    private static String uri(String path, Map<String, String> parameters) {
        StringBuilder uri = new StringBuilder(path);
        char separator = '?';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            uri.append(separator).append(parameter.getKey()).append('=');
            uri.append(URLEncoder.encode(parameter.getValue(), UTF_8));
            separator = '&';
        }
        return uri.toString();
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
