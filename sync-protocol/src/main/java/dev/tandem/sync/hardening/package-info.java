/** Sequence, authenticity and repair of sync messages between Tandem nodes, behind the records. */
@NullMarked
package dev.tandem.sync.hardening;

import org.jspecify.annotations.NullMarked;
