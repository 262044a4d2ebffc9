/** Tests of the sync inspector. */
@NullMarked
package dev.tandem.tools.sync;

import org.jspecify.annotations.NullMarked;
