/** How the connection table behaves at its limit: {@code tandem bench table}. */
@NullMarked
package dev.tandem.tools.bench.table;

import org.jspecify.annotations.NullMarked;
