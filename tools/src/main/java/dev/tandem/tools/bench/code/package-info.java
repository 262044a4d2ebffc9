/** JMH benchmarks of the code on the hot paths: codec, connection table, packet path. */
@NullMarked
package dev.tandem.tools.bench.code;

import org.jspecify.annotations.NullMarked;
