package dev.tandem.tools.config;

import java.util.List;

/**
 * One node's configuration file, checked: everything the daemon needs to start.
 *
 * @param node this node's name, unique in each of its clusters
 * @param clusters at least one
 */
public record NodeConfig(String node, List<ClusterConfig> clusters, ApiConfig api) {
    public NodeConfig {
        clusters = List.copyOf(clusters);
    }
}
