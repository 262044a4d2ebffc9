/** Encoding, decoding and the send policy of the kernel's IPVS sync protocol. */
@NullMarked
package dev.tandem.sync;

import org.jspecify.annotations.NullMarked;
