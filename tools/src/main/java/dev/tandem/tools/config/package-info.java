/** The configuration file: read, checked, and turned into the records of the other modules. */
@NullMarked
package dev.tandem.tools.config;

import org.jspecify.annotations.NullMarked;
