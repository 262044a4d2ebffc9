/** Whole tables between directors, over a TCP connection of their own: frames, and who may talk. */
@NullMarked
package dev.tandem.sync.table;

import org.jspecify.annotations.NullMarked;
