/** Tests of the sync benchmark. */
@NullMarked
package dev.tandem.tools.bench.sync;

import org.jspecify.annotations.NullMarked;
