/** Who lives: the heartbeat, the proof of death, and the guard against the own pauses. */
@NullMarked
package dev.tandem.failover.detect;

import org.jspecify.annotations.NullMarked;
