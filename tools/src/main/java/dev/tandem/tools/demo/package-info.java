/** The demo: a pair in network namespaces, live connections, a fault, a report. */
@NullMarked
package dev.tandem.tools.demo;

import org.jspecify.annotations.NullMarked;
