/** What a node keeps an eye on besides its director: interfaces, processes, scripts. */
@NullMarked
package dev.tandem.failover.track;

import org.jspecify.annotations.NullMarked;
