@NullMarked
package dev.tandem.tools.chaos;

import org.jspecify.annotations.NullMarked;
