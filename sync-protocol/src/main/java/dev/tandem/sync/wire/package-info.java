/** Byte offsets of sync messages and flyweights over them. */
@NullMarked
package dev.tandem.sync.wire;

import org.jspecify.annotations.NullMarked;
