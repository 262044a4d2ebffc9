/** The heartbeat: its packet, its socket, and the guard against the own pauses. */
@NullMarked
package dev.tandem.failover.detect;

import org.jspecify.annotations.NullMarked;
