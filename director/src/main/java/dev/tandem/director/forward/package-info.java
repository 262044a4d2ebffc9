/** The packet path: from a received frame to a rewritten frame on its way out. */
@NullMarked
package dev.tandem.director.forward;

import org.jspecify.annotations.NullMarked;
