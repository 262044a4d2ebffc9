/** The command line: one class a command, none with logic of its own. */
@NullMarked
package dev.tandem.tools;

import org.jspecify.annotations.NullMarked;
