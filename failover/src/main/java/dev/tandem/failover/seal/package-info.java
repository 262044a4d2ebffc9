/** What proves that a message is of a node that has the cluster's key. */
@NullMarked
package dev.tandem.failover.seal;

import org.jspecify.annotations.NullMarked;
