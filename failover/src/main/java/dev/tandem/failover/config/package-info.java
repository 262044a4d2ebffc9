/** What a failover node is told, as immutable records. */
@NullMarked
package dev.tandem.failover.config;

import org.jspecify.annotations.NullMarked;
