/** From a client's packet to the entry on the backup: the lag of replication under load. */
@NullMarked
package dev.tandem.tools.bench.sync;

import org.jspecify.annotations.NullMarked;
