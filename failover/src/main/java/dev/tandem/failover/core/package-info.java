/** The failover state machine: a pure function of state, event and time. */
@NullMarked
package dev.tandem.failover.core;

import org.jspecify.annotations.NullMarked;
