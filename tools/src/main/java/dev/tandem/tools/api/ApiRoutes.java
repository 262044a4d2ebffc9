package dev.tandem.tools.api;

import static java.util.stream.Collectors.joining;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which path and method asks for what. */
final class ApiRoutes {
    private static final List<String> CLUSTER = List.of("cluster");

    private final ApiBackend backend;
    private final Map<String, List<Route>> routes =
            new TreeMap<>(
                    Map.of(
                            "/v1/status",
                            List.of(new Route(HttpMethod.GET, CLUSTER, this::status)),
                            "/v1/clusters",
                            List.of(new Route(HttpMethod.GET, List.of(), this::clusters)),
                            "/v1/connections",
                            List.of(
                                    new Route(
                                            HttpMethod.GET,
                                            ConnectionQuery.PARAMETERS,
                                            this::connections)),
                            "/v1/config",
                            List.of(
                                    new Route(
                                            HttpMethod.GET,
                                            List.of(),
                                            (_, _) -> backend().config()),
                                    new Route(
                                            HttpMethod.POST,
                                            List.of(),
                                            (_, _) -> backend().saveConfig())),
                            "/v1/ipvs",
                            List.of(
                                    new Route(HttpMethod.GET, CLUSTER, this::ipvs),
                                    new Route(HttpMethod.POST, List.of(), this::changeIpvs)),
                            "/v1/settings",
                            List.of(
                                    new Route(
                                            HttpMethod.GET,
                                            List.of("cluster", "name"),
                                            this::settings),
                                    new Route(HttpMethod.POST, List.of(), this::changeSettings)),
                            "/v1/failover",
                            List.of(new Route(HttpMethod.POST, List.of(), this::failover)),
                            "/v1/reports",
                            List.of(new Route(HttpMethod.GET, CLUSTER, this::reports)),
                            "/v1/sync/keys",
                            List.of(new Route(HttpMethod.POST, List.of(), this::keys))));

    ApiRoutes(ApiBackend backend) {
        this.backend = backend;
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
                    "the body must be {\"to\": \"NODE\"}, {\"take\": true, \"force\": false} or"
                            + " {\"release\": true}, with \"cluster\": \"NAME\" where there are"
                            + " several, or empty");
        }
        request.check();
        return backend.failover(request);
    }

    private Object reports(Query query, byte[] body) throws ApiException {
        return new Reports(backend.reports(query.text("cluster")));
    }

    private ApiBackend backend() {
        return backend;
    }

    private Object keys(Query query, byte[] body) throws ApiException {
        return backend.reloadKeys();
    }

    private record Route(HttpMethod method, List<String> parameters, Action action) {}

    private interface Action {
        Object answer(Query query, byte[] body) throws ApiException;
    }
}
