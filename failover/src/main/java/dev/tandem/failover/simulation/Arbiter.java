package dev.tandem.failover.simulation;

/** Who decides between nodes that do not hear each other. */
public enum Arbiter {
    NONE,
    /** A node w, by its vote. */
    WITNESS,
    /** A neighbour of all nodes, by whom it answers. */
    GATEWAY
}
