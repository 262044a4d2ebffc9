/** The host's routes, neighbours and links, learned and followed over rtnetlink. */
@NullMarked
package dev.tandem.director.route;

import org.jspecify.annotations.NullMarked;
