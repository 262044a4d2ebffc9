/** Tests of the sockets that carry sync messages. */
@NullMarked
package dev.tandem.sync.transport;

import org.jspecify.annotations.NullMarked;
