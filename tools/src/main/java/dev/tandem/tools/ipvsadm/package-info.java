/** {@code tandem ipvsadm}: the grammar, the output and the exit codes of ipvsadm 1.31. */
@NullMarked
package dev.tandem.tools.ipvsadm;

import org.jspecify.annotations.NullMarked;
