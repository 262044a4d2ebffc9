/** The daemon's main: it wires director, failover and API together. */
@NullMarked
package dev.tandem.tools.daemon;

import org.jspecify.annotations.NullMarked;
