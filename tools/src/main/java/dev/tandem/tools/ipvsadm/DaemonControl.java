package dev.tandem.tools.ipvsadm;

import dev.tandem.director.conn.ConnectionView;
import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.ConnectionQuery;
import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.IpvsAnswer;
import dev.tandem.tools.api.IpvsOperation;
import dev.tandem.tools.api.IpvsRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The running daemon, which is looked for when it is first asked.
 *
 * @param cluster empty where the node is in one only
 */
record DaemonControl(Autostart daemon, String cluster) implements IpvsControl {
    @Override
    public Ipvs snapshot() throws ApiException, IOException {
        return client().ipvs(cluster);
    }

    @Override
    public List<ConnectionView> connections() throws ApiException, IOException {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (!cluster.isEmpty()) {
            parameters.put("cluster", cluster);
        }
        parameters.put("limit", Integer.toString(ConnectionQuery.MAX_LIMIT));
        return client().connections(parameters).connections();
    }

    @Override
    public List<IpvsAnswer.Result> apply(List<IpvsOperation> operations)
            throws ApiException, IOException {
        return operations.isEmpty()
                ? List.of()
                : client().ipvs(new IpvsRequest(cluster.isEmpty() ? null : cluster, operations))
                        .results();
    }

    private ApiClient client() throws IOException {
        daemon.ensure();
        return new ApiClient(daemon.socket());
    }
}
