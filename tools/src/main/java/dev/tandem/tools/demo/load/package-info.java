/** What the hosts of the demo say to each other: numbered bytes that both ends verify. */
@NullMarked
package dev.tandem.tools.demo.load;

import org.jspecify.annotations.NullMarked;
