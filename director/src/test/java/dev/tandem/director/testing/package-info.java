/** What tests of the packet path share: frames made and checked independently, a small network. */
@NullMarked
package dev.tandem.director.testing;

import org.jspecify.annotations.NullMarked;
