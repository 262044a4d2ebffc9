/** Membership and commands over JGroups; the only package that knows it. */
@NullMarked
package dev.tandem.failover.group;

import org.jspecify.annotations.NullMarked;
