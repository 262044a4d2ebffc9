package dev.tandem.director.route;

import dev.tandem.director.io.Errno;
import java.io.IOException;
import java.util.HashSet;
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
    private Set<Long> kept = Set.of();
    private boolean refused;

    NeighbourKeeper(HostState state, NetlinkSocket socket) {
        this.state = state;
        this.socket = socket;
    }

    /** Has one neighbour looked for ({@link Neighbour#key}), once. */
    void ask(long key) throws IOException {
        @Nullable Neighbour known = state.neighbour(key);
        // without the flag the kernel would take an entry, ours or another's, as no longer managed
        send(key, kept.contains(key) || (known != null && known.managed()));
    }

    /**
     * Keeps the neighbours on the way to these destinations, and the gateways of these interfaces;
     * lets go of others that it kept.
     */
    void refresh(Set<Integer> destinations, Set<Integer> interfaces) throws IOException {
        Set<Long> wanted = wanted(destinations, interfaces);
        Set<Long> dropped = new HashSet<>(kept);
        dropped.removeAll(wanted);
        kept = wanted;
        for (long key : dropped) {
            @Nullable Neighbour known = state.neighbour(key);
            if (known != null && known.managed()) {
                send(key, false);
            }
        }
        for (long key : wanted) {
            @Nullable Neighbour known = state.neighbour(key);
            if (known == null || !known.managed()) {
                send(key, true);
            }
        }
    }

    private Set<Long> wanted(Set<Integer> destinations, Set<Integer> interfaces) {
        RouteTable routes = state.routes();
        Set<Long> wanted = new HashSet<>();
        for (Route route : routes.all()) {
            if (route.gateway() != 0
                    && interfaces.contains(route.interfaceIndex())
                    && wanted.size() < MOST_GATEWAYS) {
                wanted.add(Neighbour.key(route.interfaceIndex(), route.gateway()));
            }
        }
        for (int destination : destinations) {
            int index = routes.find(destination);
            if (index >= 0) {
                Route route = routes.route(index);
                int neighbour = route.gateway() == 0 ? destination : route.gateway();
                wanted.add(Neighbour.key(route.interfaceIndex(), neighbour));
            }
        }
        return wanted;
    }

    /** An entry that an administrator made permanent would lose that, so it is left alone. */
    private void send(long key, boolean managed) throws IOException {
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
                        .family(Rtnetlink.AF_INET)
                        .putInt(INTERFACE_OFFSET, Neighbour.interfaceIndex(key))
                        .putByte(FLAGS_OFFSET, NTF_USE)
                        .addressAttribute(NDA_DST, Neighbour.address(key))
                        .attribute(NDA_FLAGS_EXT, managed ? NTF_EXT_MANAGED : 0);
        int errno = socket.request(request);
        if (errno != 0 && !refused) {
            refused = true; // once is enough for the log; the worker sees it as unresolved
            LOG.warn(
                    "the kernel does not look for neighbour {}: {}",
                    MessageParser.inetAddress(Neighbour.address(key)).getHostAddress(),
                    Errno.describe(errno));
        }
    }
}
