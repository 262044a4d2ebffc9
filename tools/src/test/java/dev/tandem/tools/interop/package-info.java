/** Tandem on one wire with the kernel's IPVS, which runs in user-mode Linux guests. */
@NullMarked
package dev.tandem.tools.interop;

import org.jspecify.annotations.NullMarked;
