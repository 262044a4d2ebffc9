/** The group of virtual addresses that lives in user space: ARP, gratuitous ARP, ping, probe. */
@NullMarked
package dev.tandem.director.address;

import org.jspecify.annotations.NullMarked;
