/** The schedulers, which pick a real server for a new connection. */
@NullMarked
package dev.tandem.director.sched;

import org.jspecify.annotations.NullMarked;
