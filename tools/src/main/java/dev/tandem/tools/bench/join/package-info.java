/** {@code tandem bench join}: how long a joiner takes to have its master's table. */
@NullMarked
package dev.tandem.tools.bench.join;

import org.jspecify.annotations.NullMarked;
