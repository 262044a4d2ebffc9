/** Tests of the TCP connections between tables, over real sockets. */
@NullMarked
package dev.tandem.sync.table;

import org.jspecify.annotations.NullMarked;
