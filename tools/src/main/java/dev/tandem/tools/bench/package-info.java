/** Benchmarks: JMH for code, namespaces for the packet path. */
@NullMarked
package dev.tandem.tools.bench;

import org.jspecify.annotations.NullMarked;
