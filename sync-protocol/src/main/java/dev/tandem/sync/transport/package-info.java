/** Sockets that carry sync messages, and the queues between them and a worker. */
@NullMarked
package dev.tandem.sync.transport;

import org.jspecify.annotations.NullMarked;
