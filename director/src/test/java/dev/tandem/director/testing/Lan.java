package dev.tandem.director.testing;

import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.route.NextHops;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Routes and neighbours of a small network, set by the test. */
public final class Lan implements NextHops {
    private static final int SLOT_BYTES = 16;

    private final Arena arena = Arena.ofAuto();
    private final int[] addresses = new int[64];
    private final long[] slots = new long[64];
    private int count;
    private volatile long generation;
    private volatile boolean broken;

    /** A neighbour that is known. */
    public void neighbour(String address, long hardware, long ownHardware, int port, int mtu) {
        long slot = arena.allocate(SLOT_BYTES, 8).address();
        Memory.putShortBe(slot, (int) (hardware >> 32));
        Memory.putIntBe(slot + 2, (int) hardware);
        Memory.putShortBe(slot + 6, (int) (ownHardware >> 32));
        Memory.putIntBe(slot + 8, (int) ownHardware);
        Memory.putShort(slot + NextHops.PORT_OFFSET, port);
        Memory.putShort(slot + NextHops.MTU_OFFSET, mtu);
        put(address, slot);
    }

    /** A neighbour that does not answer. */
    public void unresolved(String address) {
        put(address, NextHops.UNRESOLVED);
    }

    /** Nothing leads there any more. */
    public void noRoute(String address) {
        put(address, NextHops.NO_ROUTE);
    }

    /** Whether every lookup fails with an exception, as it must never do. */
    public void broken(boolean value) {
        broken = value;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the test is its only writer
    private void put(String address, long slot) {
        int i = index(address(address));
        if (i == count) {
            addresses[count++] = address(address);
        }
        slots[i] = slot;
        generation++;
    }

    private int index(int address) {
        for (int i = 0; i < count; i++) {
            if (addresses[i] == address) {
                return i;
            }
        }
        return count;
    }

    @Override
    public long lookup(int destinationAddress) {
        if (broken) {
            throw new IllegalStateException("broken on purpose");
        }
        int i = index(destinationAddress);
        return i == count ? NextHops.NO_ROUTE : slots[i];
    }

    @Override
    public long generation() {
        return generation;
    }

    /** The number of an address. */
    public static int address(String text) {
        return Addresses.toInt(inet(text));
    }

    public static InetAddress inet(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
