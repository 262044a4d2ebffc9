/** Header offsets and checksum arithmetic over raw frames. */
@NullMarked
package dev.tandem.director.packet;

import org.jspecify.annotations.NullMarked;
