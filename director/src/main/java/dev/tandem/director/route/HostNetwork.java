package dev.tandem.director.route;

import dev.tandem.director.io.PacketPort;
import dev.tandem.director.io.Poller;
import dev.tandem.director.io.Wakeup;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the host's kernel knows of links, addresses, routes and neighbours: read once, then followed
 * over rtnetlink(7) on a thread of its own, "rtnetlink". Its methods may be called from any thread;
 * what they return is the state a moment ago.
 *
 * <p>Policy rules beyond the three standard tables are not followed, nor other routing tables.
 */
public final class HostNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostNetwork.class);

    private static final int QUEUED_QUESTIONS = 1024;
    private static final long REFRESH_NS = 5_000_000_000L;
    private static final long RETRY_NS = 1_000_000_000L;
    private static final int DUMP_ATTEMPTS = 10;

    private final HostState state = new HostState();
    private final NetlinkSocket events;
    private final NetlinkSocket requests;
    private final NeighbourKeeper keeper;
    private final Wakeup wakeup;
    private final Poller poller;
    private final Thread thread;

    private final Queue<Neighbour.Key> questions = new MpscAtomicArrayQueue<>(QUEUED_QUESTIONS);
    private final List<LinkListener> listeners = new CopyOnWriteArrayList<>();
    private final Set<Integer> servedInterfaces = ConcurrentHashMap.newKeySet();
    private volatile Set<IpAddress> keptDestinations = Set.of();
    private volatile boolean closed;

    private final AtomicBoolean refreshNow = new AtomicBoolean();

    /** Only the thread's from here on. */
    private boolean lost;

    private long nextRefreshNs;
    private long nextRouteDumpNs = System.nanoTime();

    private HostNetwork(NetlinkSocket events, NetlinkSocket requests, Wakeup wakeup) {
        this.events = events;
        this.requests = requests;
        this.wakeup = wakeup;
        keeper = new NeighbourKeeper(state, requests);
        poller = Poller.over(wakeup, events.descriptor());
        thread = Thread.ofPlatform().daemon().name("rtnetlink").unstarted(this::run);
    }

    /**
     * Reads everything once, in the calling thread's network namespace, and starts to follow it.
     * Reading needs no rights; having neighbours resolved needs CAP_NET_ADMIN.
     */
    public static HostNetwork open() throws IOException {
        NetlinkSocket events = NetlinkSocket.open(Rtnetlink.GROUPS);
        try {
            NetlinkSocket requests = NetlinkSocket.open(0);
            try {
                return start(events, requests);
            } catch (IOException e) {
                requests.close();
                throw e;
            }
        } catch (IOException e) {
            events.close();
            throw e;
        }
    }

    private static HostNetwork start(NetlinkSocket events, NetlinkSocket requests)
            throws IOException {
        Wakeup wakeup = new Wakeup();
        HostNetwork network = new HostNetwork(events, requests, wakeup);
        try {
            network.readAll();
        } catch (IOException e) {
            network.poller.close();
            wakeup.close();
            throw e;
        }
        network.thread.start();
        return network;
    }

    /** The view of one worker, over all the ports that it serves; for that worker's thread only. */
    public NextHops nextHops(List<? extends PacketPort> ports) {
        int[] interfaceIndexes = new int[ports.size()];
        for (PacketPort port : ports) {
            interfaceIndexes[port.index()] = port.interfaceIndex();
            servedInterfaces.add(port.interfaceIndex());
        }
        refreshNow.set(true);
        wakeup.signal();
        return new CachedNextHops(state::view, interfaceIndexes, this::ask);
    }

    private void ask(Neighbour.Key key) {
        if (questions.offer(key)) {
            wakeup.signal();
        }
    }

    /**
     * Keeps the neighbours on the way to these destinations resolved, whether or not packets go
     * there; replaces the destinations of an earlier call. The gateways of the interfaces that
     * workers serve are kept besides.
     */
    public void keepResolved(Collection<InetAddress> destinations) {
        keptDestinations =
                destinations.stream().map(IpAddress::of).collect(Collectors.toUnmodifiableSet());
        refreshNow.set(true);
        wakeup.signal();
    }

    /** Told of every change from now on. */
    public void addLinkListener(LinkListener listener) {
        listeners.add(listener);
    }

    /**
     * Tells how these interfaces are, before it returns, and of every change from now on; the last
     * thing told is always how it is.
     */
    public void follow(Set<String> interfaceNames, LinkListener listener) {
        LinkListener asItIs =
                (name, _) -> {
                    // both threads read what is so, in the order in which they tell it
                    synchronized (listener) {
                        @Nullable Link link = links().get(name);
                        listener.linkChanged(name, link != null && link.usable());
                    }
                };
        addLinkListener((name, up) -> {
            if (interfaceNames.contains(name)) {
                asItIs.linkChanged(name, up);
            }
        });
        interfaceNames.forEach(name -> asItIs.linkChanged(name, false));
    }

    /** All interfaces, by name. */
    public Map<String, Link> links() {
        return state.links();
    }

    /** The host's own addresses, each with the name of the interface that it is on. */
    public Map<InetAddress, String> addresses() {
        return state.addresses();
    }

    /**
     * The host's own address in whose network a neighbour lies, with its interface; the first one
     * on the first of these interfaces that has any.
     */
    public Optional<OwnAddress> addressBeside(InetAddress neighbour, List<String> interfaceNames) {
        return state.addressBeside(IpAddress.of(neighbour), interfaceNames);
    }

    private void run() {
        while (!closed) {
            try {
                poller.poll(timeoutMs(System.nanoTime()));
                work();
            } catch (IOException e) {
                LOG.warn("rtnetlink: {}; reading everything again", e.getMessage());
                lost = true;
                nextRouteDumpNs = System.nanoTime() + RETRY_NS;
            }
        }
        letGo();
    }

    private void work() throws IOException {
        Map<String, Link> before = state.links();
        long generation = state.view().generation();
        lost |= !events.drain(state::onMessage);
        long nowNs = System.nanoTime();
        if (nowNs - nextRouteDumpNs >= 0) {
            if (lost) {
                readAll();
            } else if (state.routesChanged()) {
                readRoutes();
            }
        }
        state.publish();
        HostState.usabilityChanges(before, state.links()).forEach(this::tellLink);
        boolean changed = state.view().generation() != generation;
        Neighbour.@Nullable Key question;
        while ((question = questions.poll()) != null) {
            keeper.ask(question);
        }
        if (refreshNow.getAndSet(false) || changed || nowNs - nextRefreshNs >= 0) {
            nextRefreshNs = nowNs + REFRESH_NS;
            keeper.refresh(keptDestinations, servedInterfaces);
        }
    }

    /** Until the next thing that is due; at most until the next refresh. */
    private int timeoutMs(long nowNs) {
        long untilNs = nextRefreshNs - nowNs;
        if (lost || state.routesChanged()) {
            untilNs = Math.min(untilNs, nextRouteDumpNs - nowNs);
        }
        return refreshNow.get() ? 0 : Math.clamp(untilNs / 1_000_000 + 1, 0, 5_000);
    }

    private void tellLink(String name, boolean up) {
        for (LinkListener listener : listeners) {
            try {
                listener.linkChanged(name, up);
            } catch (RuntimeException e) {
                LOG.error("a link listener failed on {}", name, e);
            }
        }
    }

    /** Everything anew: at the start, and when notifications were lost. */
    private void readAll() throws IOException {
        state.forget();
        dump(Rtnetlink.RTM_GETLINK, Rtnetlink.AF_UNSPEC, Rtnetlink.LINK_LENGTH, state::onMessage);
        dump(
                Rtnetlink.RTM_GETADDR,
                Rtnetlink.AF_UNSPEC,
                Rtnetlink.ADDRESS_LENGTH,
                state::onMessage);
        dump(
                Rtnetlink.RTM_GETNEIGH,
                Rtnetlink.AF_UNSPEC,
                Rtnetlink.NEIGHBOUR_LENGTH,
                state::onMessage);
        readRoutes();
        state.publish();
        lost = false;
        nextRefreshNs = System.nanoTime();
    }

    /**
     * The more there are, the less often: at most a tenth of the time goes into reading them, so
     * that a routing daemon loading a full table does not keep this thread busy.
     */
    private void readRoutes() throws IOException {
        long startNs = System.nanoTime();
        List<Route> routes = new ArrayList<>();
        boolean whole = false;
        for (int attempt = 0; !whole && attempt < DUMP_ATTEMPTS; attempt++) {
            routes.clear();
            whole =
                    requests.dump(
                            Rtnetlink.RTM_GETROUTE,
                            Rtnetlink.AF_UNSPEC,
                            Rtnetlink.ROUTE_LENGTH,
                            (type, buffer, from, end) -> {
                                @Nullable Route route = RouteParser.parse(buffer, from, end);
                                if (route != null && type == Rtnetlink.RTM_NEWROUTE) {
                                    routes.add(route);
                                }
                            });
        }
        state.replaceRoutes(routes);
        long endNs = System.nanoTime();
        nextRouteDumpNs = endNs + 10 * (endNs - startNs);
    }

    /** What an interrupted dump missed comes as a notification. */
    private void dump(int type, int family, int bodyLength, NetlinkSocket.Handler handler)
            throws IOException {
        boolean _ = requests.dump(type, family, bodyLength, handler);
    }

    /** Neighbours that we had kept are the kernel's business again. */
    private void letGo() {
        try {
            keeper.refresh(Set.of(), Set.of());
        } catch (IOException e) {
            LOG.warn("neighbours stay managed: {}", e.getMessage());
        }
    }

    /** Ends the thread and waits for it. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        wakeup.signal();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return; // its descriptors must outlive the thread
        }
        poller.close();
        events.close();
        requests.close();
        wakeup.close();
    }
}
