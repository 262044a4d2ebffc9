package dev.tandem.tools.api;

import java.util.List;

/** Answer to {@code POST /v1/sync/keys}: the keys in force from now on. */
public record Keys(List<ClusterKeys> clusters) {
    /**
     * The keys of a cluster that signs its messages.
     *
     * @param block which messages, by the block of the configuration: sync or failover
     * @param signing id of the key that signs what is sent
     * @param verifying ids of all keys that are taken
     */
    public record ClusterKeys(String cluster, String block, int signing, List<Integer> verifying) {
        public ClusterKeys(String cluster, String block, List<Integer> ids) {
            this(cluster, block, ids.getFirst(), ids);
        }
    }
}
