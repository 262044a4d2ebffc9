/**
 * Sync messages as a third party hears them: from capture files and from interfaces, by libpcap.
 */
@NullMarked
package dev.tandem.sync.capture;

import org.jspecify.annotations.NullMarked;
