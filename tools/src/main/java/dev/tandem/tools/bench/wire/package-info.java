/** The packet path beside its rivals: the same traffic through each, in one run. */
@NullMarked
package dev.tandem.tools.bench.wire;

import org.jspecify.annotations.NullMarked;
