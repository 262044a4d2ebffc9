package dev.tandem.director.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker needs of the host's network, immutable; replaced as a whole.
 *
 * @param generation from 1 on; grows with every replacement
 * @param neighbours {@link Neighbour.Key#inMap} to hardware address, of those that can be sent to
 */
record View(
        long generation,
        List<Link> links,
        RouteTable ipv4,
        RouteTable ipv6,
        AddressMap neighbours,
        SourceAddresses sources) {

    static final View EMPTY =
            new View(
                    1,
                    List.of(),
                    RouteTable.EMPTY_IPV4,
                    RouteTable.EMPTY_IPV6,
                    AddressMap.EMPTY,
                    SourceAddresses.NONE);

    @Nullable Link link(int interfaceIndex) {
        for (int i = 0; i < links.size(); i++) { // no iterator: the worker comes here
            Link link = links.get(i);
            if (link.index() == interfaceIndex) {
                return link;
            }
        }
        return null;
    }
}
