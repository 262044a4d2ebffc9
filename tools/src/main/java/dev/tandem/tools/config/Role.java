package dev.tandem.tools.config;

import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.failover.config.ManualConfig;
import java.util.List;

/** Who decides in a cluster whether this node owns the addresses. */
public sealed interface Role {

    /**
     * The nodes among themselves.
     *
     * @param servicesReplicated whether services changed on the master become those of all nodes
     * @param told programs that are told of changes of state, in this order
     */
    record Pair(FailoverConfig failover, boolean servicesReplicated, List<NotifyConfig> told)
            implements Role {
        public Pair {
            told = List.copyOf(told);
        }
    }

    /** An operator or another program, by command. */
    record Manual(ManualConfig manual) implements Role {}

    /** Nobody: this node only listens, and never sends a byte. */
    record Shadow() implements Role {}
}
