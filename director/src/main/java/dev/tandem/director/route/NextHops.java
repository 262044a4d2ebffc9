package dev.tandem.director.route;

import dev.tandem.director.io.Memory;

/**
 * Where packets to a destination leave: the worker's view of the host's routes and neighbours. One
 * instance belongs to one worker thread; a hit allocates nothing.
 *
 * <p>A next hop is the address of a 16-byte slot, valid until the next call of {@link #lookup}:
 *
 * <pre>
 *   0   6 bytes  destination hardware address   } the first twelve bytes of the Ethernet header,
 *   6   6 bytes  source hardware address        } as they go out
 *  12   u16      index of the port, machine order
 *  14   u16      MTU of the route in bytes, machine order
 * </pre>
 */
public interface NextHops {
    /** No route leads there, or it leaves through an interface that the director does not serve. */
    long NO_ROUTE = 0;

    /** The neighbour's hardware address is not known yet; the kernel was asked to find it. */
    long UNRESOLVED = -1;

    int PORT_OFFSET = 12;
    int MTU_OFFSET = 14;

    /** The next hop's slot, or {@link #NO_ROUTE}, or {@link #UNRESOLVED}. */
    long lookup(int destinationAddress);

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

    /** Writes both hardware addresses into the frame's Ethernet header. */
    static void writeHardwareAddresses(long slot, long frame) {
        Memory.putLong(frame, Memory.getLong(slot));
        Memory.putInt(frame + 8, Memory.getInt(slot + 8));
    }
}
