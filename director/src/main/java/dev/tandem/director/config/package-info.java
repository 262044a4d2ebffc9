/** What a director is told to do, as immutable records; checked elsewhere, trusted here. */
@NullMarked
package dev.tandem.director.config;

import org.jspecify.annotations.NullMarked;
