/** The measuring instrument measured: kept, lost, late and wrong must be told apart. */
@NullMarked
package dev.tandem.tools.demo.load;

import org.jspecify.annotations.NullMarked;
