/** A node: the state machine with its clock, its sockets and its director. */
@NullMarked
package dev.tandem.failover.node;

import org.jspecify.annotations.NullMarked;
