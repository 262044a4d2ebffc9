package dev.tandem.tools.config;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.failover.config.FailoverConfig;

/**
 * One node's configuration file, checked: everything the daemon needs to start.
 *
 * @param node this node's name, unique in the cluster
 * @param cluster name of the pair
 */
public record NodeConfig(
        String node,
        String cluster,
        DirectorConfig director,
        FailoverConfig failover,
        ApiConfig api) {}
