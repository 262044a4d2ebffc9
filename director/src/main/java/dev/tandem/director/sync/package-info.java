/**
 * Between the connection table and the wire: what to send when, and how to apply what peers sent.
 */
@NullMarked
package dev.tandem.director.sync;

import org.jspecify.annotations.NullMarked;
