package dev.tandem.director.route;

import dev.tandem.director.io.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A worker's next hops: a direct-mapped cache in front of the present {@link View}. Neither hit nor
 * miss allocates; a miss costs one probe per length of prefix that the host has routes for.
 *
 * <p>A slot is a next hop followed by
 *
 * <pre>
 *  16  s32  destination
 *  20  u32  1: no route leads there, else 0
 *  24  s64  generation of the view that it was made from
 * </pre>
 */
final class CachedNextHops implements NextHops {
    private static final int SLOT_LENGTH = 32;
    private static final int SLOTS_LOG2 = 14;
    private static final int DESTINATION_OFFSET = 16;
    private static final int NO_ROUTE_OFFSET = 20;
    private static final int GENERATION_OFFSET = 24;

    private final Supplier<View> views;
    private final int[] interfaceIndexes;
    private final NeighbourQueries queries;

    /** Held so that the memory lives as long as this does. */
    private final MemorySegment memory =
            Arena.ofAuto().allocate((long) SLOT_LENGTH << SLOTS_LOG2, 64);

    private final long slots = memory.address();

    /**
     * @param interfaceIndexes of the worker's ports, by the port's index
     * @param ask where to ask the kernel for a neighbour ({@link Neighbour#key})
     */
    CachedNextHops(Supplier<View> views, int[] interfaceIndexes, LongConsumer ask) {
        this.views = views;
        this.interfaceIndexes = interfaceIndexes;
        queries = new NeighbourQueries(ask, System.nanoTime());
    }

    @Override
    public long generation() {
        return views.get().generation();
    }

    @Override
    public long lookup(int destination) {
        View view = views.get();
        long slot =
                slots + (long) ((destination * 0x9E37_79B1) >>> (32 - SLOTS_LOG2)) * SLOT_LENGTH;
        if (Memory.getInt(slot + DESTINATION_OFFSET) == destination
                && Memory.getLong(slot + GENERATION_OFFSET) == view.generation()) {
            return Memory.getInt(slot + NO_ROUTE_OFFSET) == 0 ? slot : NO_ROUTE;
        }
        return find(view, destination, slot);
    }

    private long find(View view, int destination, long slot) {
        int index = isUnicast(destination) ? view.routes().find(destination) : -1;
        if (index < 0) {
            return remember(view, destination, slot, true);
        }
        Route route = view.routes().route(index);
        int port = port(route.interfaceIndex());
        @Nullable Link link = view.link(route.interfaceIndex());
        if (port < 0 || link == null) {
            return remember(view, destination, slot, true);
        }
        int neighbour = route.gateway() == 0 ? destination : route.gateway();
        long key = Neighbour.key(route.interfaceIndex(), neighbour);
        long hardwareAddress = view.neighbours().get(key);
        if (hardwareAddress == LongMap.MISSING) {
            queries.ask(key, System.nanoTime());
            return UNRESOLVED;
        }
        Memory.putLongBe(slot, (hardwareAddress << 16) | (link.hardwareAddress() >>> 32));
        Memory.putIntBe(slot + 8, (int) link.hardwareAddress());
        Memory.putShort(slot + PORT_OFFSET, port);
        int mtu = route.mtu() == 0 ? link.mtu() : Math.min(route.mtu(), link.mtu());
        Memory.putShort(slot + MTU_OFFSET, Math.min(mtu, 0xFFFF));
        return remember(view, destination, slot, false);
    }

    private static long remember(View view, int destination, long slot, boolean noRoute) {
        Memory.putInt(slot + DESTINATION_OFFSET, destination);
        Memory.putInt(slot + NO_ROUTE_OFFSET, noRoute ? 1 : 0);
        Memory.putLong(slot + GENERATION_OFFSET, view.generation());
        return noRoute ? NO_ROUTE : slot;
    }

    /** Not 0/8, nor 224.0.0.0 and above: multicast, reserved, broadcast. */
    private static boolean isUnicast(int address) {
        return address >>> 24 != 0 && address >>> 28 < 0xE;
    }

    private int port(int interfaceIndex) {
        for (int i = 0; i < interfaceIndexes.length; i++) {
            if (interfaceIndexes[i] == interfaceIndex) {
                return i;
            }
        }
        return -1;
    }
}
