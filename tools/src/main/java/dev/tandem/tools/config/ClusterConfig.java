package dev.tandem.tools.config;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.failover.config.FailoverConfig;

/**
 * One cluster that a node is part of: a group of addresses that moves as one, with services,
 * connection table, sync link and role of its own.
 *
 * @param name unique on this node, the same on every node of the cluster
 */
public record ClusterConfig(String name, Role role, DirectorConfig director) {

    /** Whether this node only listens. */
    public boolean isShadow() {
        return role instanceof Role.Shadow;
    }

    /** Whether owning the addresses takes votes. */
    public boolean hasWitness() {
        return role instanceof Role.Pair(FailoverConfig failover, _, _) && failover.hasWitness();
    }

    /** Whether this node votes and does nothing else. */
    public boolean isWitness() {
        return role instanceof Role.Pair(FailoverConfig failover, _, _) && failover.isWitness();
    }
}
