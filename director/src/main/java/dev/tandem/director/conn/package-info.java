/** The off-heap connection table, its entries, and the protocol state machines that drive them. */
@NullMarked
package dev.tandem.director.conn;

import org.jspecify.annotations.NullMarked;
