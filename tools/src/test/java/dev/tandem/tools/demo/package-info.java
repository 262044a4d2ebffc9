/** The pair as a whole: real processes, real packets, in network namespaces. */
@NullMarked
package dev.tandem.tools.demo;

import org.jspecify.annotations.NullMarked;
