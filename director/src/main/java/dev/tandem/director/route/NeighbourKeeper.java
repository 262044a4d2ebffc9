package dev.tandem.director.route;

import dev.tandem.director.io.Errno;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel find neighbours for us and keep those resolved that we cannot do without. Belongs
 * to the thread "rtnetlink".
 *
 * <p>A managed neighbour (NTF_EXT_MANAGED, since Linux 5.16) is probed by the kernel time and again
 * although no packet of its own goes there. Older kernels pass over that flag; there the NTF_USE of
 * the same message has it probed once, and {@link #refresh}, called every few seconds, sends it
 * again. That also brings back an entry that somebody flushed.
 */
final class NeighbourKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(NeighbourKeeper.class);

    /** struct ndmsg, offset of its interface and its flags. */
    private static final int INTERFACE_OFFSET = 4;

    private static final int FLAGS_OFFSET = 10;

    private static final int NTF_USE = 0x1;
    private static final int NTF_EXT_MANAGED = 0x1;
    private static final int NDA_DST = 1;
    private static final int NDA_FLAGS_EXT = 15;

    /** Gateways beyond this number are asked for when they are needed. */
    private static final int MOST_GATEWAYS = 64;

    private final HostState state;
    private final NetlinkSocket socket;
    private Set<Neighbour.Key> kept = Set.of();
    private boolean refused;

    NeighbourKeeper(HostState state, NetlinkSocket socket) {
        this.state = state;
        this.socket = socket;
    }

    /** Has one neighbour looked for, once. */
    void ask(Neighbour.Key key) throws IOException {
        @Nullable Neighbour known = state.neighbour(key);
        // without the flag the kernel would take an entry, ours or another's, as no longer managed
        send(key, kept.contains(key) || (known != null && known.managed()));
    }

    /**
     * Keeps the neighbours on the way to these destinations, and the gateways of these interfaces;
     * lets go of others that it kept.
     */
    void refresh(Collection<IpAddress> destinations, Set<Integer> interfaces) throws IOException {
        Set<Neighbour.Key> wanted = wanted(destinations, interfaces);
        Set<Neighbour.Key> dropped = new HashSet<>(kept);
        dropped.removeAll(wanted);
        kept = wanted;
        for (Neighbour.Key key : dropped) {
            @Nullable Neighbour known = state.neighbour(key);
            if (known != null && known.managed()) {
                send(key, false);
            }
        }
        for (Neighbour.Key key : wanted) {
            @Nullable Neighbour known = state.neighbour(key);
            if (known == null || !known.managed()) {
                send(key, true);
            }
        }
    }

    private Set<Neighbour.Key> wanted(Collection<IpAddress> destinations, Set<Integer> interfaces) {
        Set<Neighbour.Key> wanted = new HashSet<>();
        for (RouteTable routes : List.of(state.ipv4(), state.ipv6())) {
            for (Route route : routes.all()) {
                if (route.gateway() != null
                        && interfaces.contains(route.interfaceIndex())
                        && wanted.size() < MOST_GATEWAYS) {
                    wanted.add(route.neighbour(route.destination()));
                }
            }
        }
        for (IpAddress destination : destinations) {
            RouteTable routes = destination.ipv6() ? state.ipv6() : state.ipv4();
            int index = routes.find(destination.high(), destination.low());
            if (index >= 0) {
                wanted.add(routes.route(index).neighbour(destination));
            }
        }
        return wanted;
    }

    /** An entry that an administrator made permanent would lose that, so it is left alone. */
    private void send(Neighbour.Key key, boolean managed) throws IOException {
        @Nullable Neighbour known = state.neighbour(key);
        if (known != null && known.fixed()) {
            return;
        }
        NetlinkRequest request =
                new NetlinkRequest(
                                Rtnetlink.RTM_NEWNEIGH,
                                Rtnetlink.NLM_F_CREATE,
                                0,
                                Rtnetlink.NEIGHBOUR_LENGTH)
                        .family(key.address().ipv6() ? Rtnetlink.AF_INET6 : Rtnetlink.AF_INET)
                        .putInt(INTERFACE_OFFSET, key.interfaceIndex())
                        .putByte(FLAGS_OFFSET, NTF_USE)
                        .addressAttribute(NDA_DST, key.address())
                        .attribute(NDA_FLAGS_EXT, managed ? NTF_EXT_MANAGED : 0);
        int errno = socket.request(request);
        if (errno != 0 && !refused) {
            refused = true; // once is enough for the log; the worker sees it as unresolved
            LOG.warn(
                    "the kernel does not look for neighbour {}: {}",
                    key.address().toInetAddress().getHostAddress(),
                    Errno.describe(errno));
        }
    }
}
