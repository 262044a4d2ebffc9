/** Tests of the sync protocol. */
@NullMarked
package dev.tandem.sync;

import org.jspecify.annotations.NullMarked;
