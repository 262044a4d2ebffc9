/**
 * The director as a whole: its worker thread, its life cycle, and the interfaces others steer it
 * by.
 */
@NullMarked
package dev.tandem.director.control;

import org.jspecify.annotations.NullMarked;
