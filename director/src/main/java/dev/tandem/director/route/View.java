package dev.tandem.director.route;

import org.jspecify.annotations.Nullable;

/**
 * What a worker needs of the host's network, immutable; replaced as a whole.
 *
 * @param generation from 1 on; grows with every replacement
 * @param neighbours {@link Neighbour#key} to hardware address, of those that can be sent to
 */
record View(long generation, Link[] links, RouteTable routes, LongMap neighbours) {

    @Nullable Link link(int interfaceIndex) {
        for (Link link : links) {
            if (link.index() == interfaceIndex) {
                return link;
            }
        }
        return null;
    }
}
