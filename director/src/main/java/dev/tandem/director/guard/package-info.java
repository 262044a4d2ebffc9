/** Hides from the host's stack what the director takes, by an nftables table of its own. */
@NullMarked
package dev.tandem.director.guard;

import org.jspecify.annotations.NullMarked;
