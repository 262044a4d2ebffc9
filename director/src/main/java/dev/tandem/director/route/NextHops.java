package dev.tandem.director.route;

import dev.tandem.director.io.Memory;

/**
 * Where packets to a destination leave: the worker's view of the host's routes and neighbours. One
 * instance belongs to one worker thread; a hit allocates nothing.
 *
 * <p>IPv4 addresses are ints, IPv6 addresses two longs with the numbers of their first and last
 * eight bytes. A next hop is the address of a slot of {@link #SLOT_BYTES}, valid until the next
 * call:
 *
 * <pre>
 *   0   6 bytes  destination hardware address   } the first twelve bytes of the Ethernet header,
 *   6   6 bytes  source hardware address        } as they go out
 *  12   u16      index of the port, machine order
 *  14   u16      MTU of the route in bytes, machine order
 *  16   s64      source address, high half      } what the host itself would send from to that
 *  24   s64      source address, low half       } destination; all 0: it has no address there
 * </pre>
 */
public interface NextHops {
    /** No route leads there, or it leaves through an interface that the director does not serve. */
    long NO_ROUTE = 0;

    /** The neighbour's hardware address is not known yet; the kernel was asked to find it. */
    long UNRESOLVED = -1;

    /** The destination is an address of this host's stack. */
    long LOCAL = -2;

    int PORT_OFFSET = 12;
    int MTU_OFFSET = 14;
    int SOURCE_HIGH_OFFSET = 16;
    int SOURCE_LOW_OFFSET = 24;
    int SLOT_BYTES = 32;

    /**
     * The next hop's slot, or one of {@link #NO_ROUTE}, {@link #UNRESOLVED}, {@link #LOCAL}. Only a
     * slot is greater than 0.
     */
    long lookup(int destinationAddress);

    /**
     * A packet may have to go there some time: the kernel is asked for the neighbour that it would
     * be sent to, unless it is known. For many destinations at once, most of which have one router.
     */
    default void prepare(int destinationAddress) {
        long _ = lookup(destinationAddress);
    }

    /**
     * The same for IPv6. A link-local destination has no route: it does not say on which link it
     * is.
     */
    long lookup(long destinationHigh, long destinationLow);

    /**
     * A slot of which only the source address and the MTU are valid, whether or not the neighbour
     * is resolved; {@link #NO_ROUTE} or {@link #LOCAL} when there is no way out. Asks for nothing.
     */
    long route(int destinationAddress);

    /** The same for IPv6. */
    long route(long destinationHigh, long destinationLow);

    /**
     * Grows whenever a route or a neighbour changed: the moment to try unresolved packets again.
     */
    long generation();

    static int port(long slot) {
        return Memory.getShort(slot + PORT_OFFSET);
    }

    static int mtu(long slot) {
        return Memory.getShort(slot + MTU_OFFSET);
    }

    static long sourceHigh(long slot) {
        return Memory.getLong(slot + SOURCE_HIGH_OFFSET);
    }

    /** Of an IPv4 next hop: the whole address, unsigned. */
    static long sourceLow(long slot) {
        return Memory.getLong(slot + SOURCE_LOW_OFFSET);
    }

    /** Writes both hardware addresses into the frame's Ethernet header. */
    static void writeHardwareAddresses(long slot, long frame) {
        Memory.putLong(frame, Memory.getLong(slot));
        Memory.putInt(frame + 8, Memory.getInt(slot + 8));
    }
}
