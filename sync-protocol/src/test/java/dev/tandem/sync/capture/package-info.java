/** Tests of the capture reader: frames in, datagrams and verdicts out. */
@NullMarked
package dev.tandem.sync.capture;

import org.jspecify.annotations.NullMarked;
