/** What commands that do their work themselves, not a daemon, have in common. */
@NullMarked
package dev.tandem.tools.cli;

import org.jspecify.annotations.NullMarked;
