package dev.tandem.tools.config;

import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.ManualConfig;

/** Who decides in a cluster whether this node owns the addresses. */
public sealed interface Role {

    /**
     * The nodes among themselves.
     *
     * @param servicesReplicated whether services changed on the master become those of all nodes
     */
    record Pair(FailoverConfig failover, boolean servicesReplicated) implements Role {}

    /** An operator or another program, by command. */
    record Manual(ManualConfig manual) implements Role {}

    /** Nobody: this node only listens, and never sends a byte. */
    record Shadow() implements Role {}
}
