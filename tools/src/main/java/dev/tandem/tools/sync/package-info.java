/**
 * The sync inspector: what sync messages say, from capture files and interfaces, without a daemon.
 */
@NullMarked
package dev.tandem.tools.sync;

import org.jspecify.annotations.NullMarked;
