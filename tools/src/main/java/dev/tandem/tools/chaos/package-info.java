/** Random real faults on a pair under traffic, by a seed, and what has to hold after each. */
@NullMarked
package dev.tandem.tools.chaos;

import org.jspecify.annotations.NullMarked;
