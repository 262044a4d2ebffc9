/** The lab's files. */
@NullMarked
package dev.tandem.tools.demo.lab;

import org.jspecify.annotations.NullMarked;
