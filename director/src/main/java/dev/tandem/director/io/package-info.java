/**
 * Native calls, memory, and packet ports: the only package that talks to the kernel through the FFM
 * API.
 */
@NullMarked
package dev.tandem.director.io;

import org.jspecify.annotations.NullMarked;
