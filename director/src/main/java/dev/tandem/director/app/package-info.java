/**
 * Helpers that look into the payload: FTP over NAT with the sequence numbers that it moves, and the
 * persistence engine for SIP.
 */
@NullMarked
package dev.tandem.director.app;

import org.jspecify.annotations.NullMarked;
