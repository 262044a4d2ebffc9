/** HTTP and JSON over the daemon's Unix socket, both ends. */
@NullMarked
package dev.tandem.tools.api;

import org.jspecify.annotations.NullMarked;
