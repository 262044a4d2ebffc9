/** The heartbeat: its packet, its socket and its thread. */
@NullMarked
package dev.tandem.failover.detect;

import org.jspecify.annotations.NullMarked;
