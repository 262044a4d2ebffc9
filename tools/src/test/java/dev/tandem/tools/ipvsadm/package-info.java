/** The command line that is ipvsadm's, held against what ipvsadm 1.31 was seen to do. */
@NullMarked
package dev.tandem.tools.ipvsadm;

import org.jspecify.annotations.NullMarked;
