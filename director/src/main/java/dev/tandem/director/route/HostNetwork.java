package dev.tandem.director.route;

import dev.tandem.director.io.PacketPort;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What the host's kernel knows of links, addresses, routes and neighbours. */
@SuppressWarnings("DoNotCallSuggester")
public final class HostNetwork implements AutoCloseable {
    /** Reads everything once, then follows it on a thread of its own. */
    public static HostNetwork open() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The view of one worker, over the ports that it serves. */
    public NextHops nextHops(List<? extends PacketPort> ports) {
        throw new UnsupportedOperationException();
    }

    /** Keeps the neighbours behind which these destinations lie resolved. */
    public void keepResolved(Collection<Integer> destinations) {
        throw new UnsupportedOperationException();
    }

    public void addLinkListener(LinkListener listener) {
        throw new UnsupportedOperationException();
    }

    /** All interfaces, by name. */
    public Map<String, Link> links() {
        throw new UnsupportedOperationException();
    }

    /** The host's own IPv4 addresses, each with the name of the interface that it is on. */
    public Map<InetAddress, String> addresses() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
