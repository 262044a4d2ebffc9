/** The hosts of the demo: network namespaces, their wires, and the directors' processes. */
@NullMarked
package dev.tandem.tools.demo.lab;

import org.jspecify.annotations.NullMarked;
