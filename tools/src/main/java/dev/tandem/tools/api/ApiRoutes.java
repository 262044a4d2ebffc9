package dev.tandem.tools.api;

import static java.util.stream.Collectors.joining;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which path and method asks for what. */
final class ApiRoutes {
    private static final List<String> CLUSTER = List.of("cluster");
    private static final int MOST_HISTORY = 500;

    private final ApiBackend backend;
    private final Map<String, List<Route>> routes = new TreeMap<>();

    ApiRoutes(ApiBackend backend) {
        this.backend = backend;
        List<String> none = List.of();
        get("/v1/status", CLUSTER, this::status);
        get("/v1/clusters", none, this::clusters);
        get("/v1/connections", ConnectionQuery.PARAMETERS, this::connections);
        get("/v1/config", none, (_, _) -> backend.config());
        post("/v1/config", (_, _) -> backend.saveConfig());
        get("/v1/ipvs", CLUSTER, this::ipvs);
        post("/v1/ipvs", this::changeIpvs);
        get("/v1/settings", List.of("cluster", "name"), this::settings);
        post("/v1/settings", this::changeSettings);
        post("/v1/failover", this::failover);
        get("/v1/reports", CLUSTER, this::reports);
        get("/v1/history", List.of("cluster", "limit"), this::history);
        get("/v1/why", CLUSTER, this::why);
        post("/v1/maintenance", this::maintenance);
        post("/v1/sync/keys", this::keys);
    }

    private void get(String path, List<String> parameters, Action action) {
        add(path, new Route(HttpMethod.GET, parameters, action));
    }

    private void post(String path, Action action) {
        add(path, new Route(HttpMethod.POST, List.of(), action));
    }

    private void add(String path, Route route) {
        routes.computeIfAbsent(path, _ -> new ArrayList<>()).add(route);
    }

    /**
     * Answers one request.
     *
     * @throws ApiException with the status and the reason when there is no better answer
     */
    Object answer(HttpMethod method, String uri, byte[] body) throws ApiException {
        QueryStringDecoder decoder = new QueryStringDecoder(uri);
        List<Route> here = routes.get(decoder.rawPath());
        if (here == null) {
            throw new ApiException(
                    404, "no such path; there are " + String.join(", ", routes.keySet()));
        }
        for (Route route : here) {
            if (route.method().equals(method)) {
                return route.action().answer(new Query(decoder, route.parameters()), body);
            }
        }
        String methods =
                here.stream().map(route -> route.method().name()).collect(joining(" and "));
        throw new ApiException(405, decoder.rawPath() + " takes " + methods + ", not " + method);
    }

    /** One cluster's status is the whole answer where there is one. */
    private Object status(Query query, byte[] body) throws ApiException {
        String cluster = query.text("cluster");
        if (!cluster.isEmpty()) {
            return backend.status(cluster);
        }
        Overview overview = backend.overview();
        return overview.clusters().size() == 1 ? overview.clusters().getFirst() : overview;
    }

    private Object clusters(Query query, byte[] body) throws ApiException {
        return backend.overview();
    }

    private Object connections(Query query, byte[] body) throws ApiException {
        return backend.connections(query.text("cluster"), ConnectionQuery.from(query));
    }

    private Object ipvs(Query query, byte[] body) throws ApiException {
        return backend.ipvs(query.text("cluster"));
    }

    private Object changeIpvs(Query query, byte[] body) throws ApiException {
        IpvsRequest request;
        try {
            request = Json.readStrictly(body, IpvsRequest.class);
        } catch (IOException e) {
            throw new ApiException(
                    400, "the body must be {\"operations\": [...]}: " + e.getMessage());
        }
        request.check();
        return backend.ipvs(request);
    }

    private Object settings(Query query, byte[] body) throws ApiException {
        String names = query.text("name");
        return backend.settings(
                query.text("cluster"), names.isEmpty() ? List.of() : List.of(names.split(",", -1)));
    }

    private Object changeSettings(Query query, byte[] body) throws ApiException {
        SettingsRequest request;
        try {
            request = Json.readStrictly(body, SettingsRequest.class);
        } catch (IOException e) {
            throw new ApiException(
                    400, "the body must be {\"settings\": {\"NAME\": NUMBER}}: " + e.getMessage());
        }
        request.check();
        return backend.settings(request);
    }

    private Object failover(Query query, byte[] body) throws ApiException {
        if (body.length == 0) {
            return backend.failover(FailoverRequest.TO_THE_READIEST);
        }
        FailoverRequest request;
        try {
            request = Json.readStrictly(body, FailoverRequest.class);
        } catch (IOException _) {
            throw new ApiException(
                    400,
                    "the body must be {\"to\": \"NODE\", \"force\": false, \"dryRun\": false},"
                            + " {\"take\": true, \"force\": false} or"
                            + " {\"release\": true}, with \"cluster\": \"NAME\" where there are"
                            + " several, or empty");
        }
        request.check();
        return request.dryRun() ? backend.check(request) : backend.failover(request);
    }

    private Object maintenance(Query query, byte[] body) throws ApiException {
        String wanted =
                "the body must be {\"on\": true} or {\"on\": false}, with \"cluster\":"
                        + " \"NAME\" where there are several";
        MaintenanceRequest request;
        try {
            request = Json.readStrictly(body, MaintenanceRequest.class);
        } catch (IOException _) {
            throw new ApiException(400, wanted);
        }
        if (request.on() == null) {
            throw new ApiException(400, wanted);
        }
        return backend.maintenance(request);
    }

    private Object reports(Query query, byte[] body) throws ApiException {
        return new Reports(backend.reports(query.text("cluster")));
    }

    private Object history(Query query, byte[] body) throws ApiException {
        int limit = query.read("limit", ApiRoutes::historyLimit);
        return new History(backend.history(query.text("cluster"), limit));
    }

    private static int historyLimit(String text) {
        int limit =
                text.isEmpty()
                        ? MOST_HISTORY
                        : text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MOST_HISTORY) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a whole number from 1 to " + MOST_HISTORY);
        }
        return limit;
    }

    private Object why(Query query, byte[] body) throws ApiException {
        return backend.why(query.text("cluster"));
    }

    private Object keys(Query query, byte[] body) throws ApiException {
        return backend.reloadKeys();
    }

    private record Route(HttpMethod method, List<String> parameters, Action action) {}

    private interface Action {
        Object answer(Query query, byte[] body) throws ApiException;
    }
}
