/**
 * The state machine of {@link dev.tandem.failover.core} in a world of seeded faults: the same code
 * that a node runs, with a simulated network, disk, director and clock, and invariants that are
 * checked after every single thing that happens.
 */
@NullMarked
package dev.tandem.failover.simulation;

import org.jspecify.annotations.NullMarked;
