package dev.tandem.director.testing;

import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Addresses;
import dev.tandem.director.route.NextHops;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Routes and neighbours of a small network, set by the test. */
public final class Lan implements NextHops {
    private final Arena arena = Arena.ofAuto();
    private final long[] highs = new long[64];
    private final long[] lows = new long[64];
    private final long[] slots = new long[64];
    private int count;
    private volatile long generation;
    private volatile boolean broken;

    /** A neighbour that is known. */
    public void neighbour(String address, long hardware, long ownHardware, int port, int mtu) {
        long slot = arena.allocate(NextHops.SLOT_BYTES, 8).address();
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

    /** What the host itself would send from to a neighbour that is known. */
    public void source(String address, String source) {
        long slot = lookup(high(address), low(address));
        Memory.putLong(slot + NextHops.SOURCE_HIGH_OFFSET, high(source));
        Memory.putLong(slot + NextHops.SOURCE_LOW_OFFSET, low(source));
    }

    /** An address of the host itself. */
    public void local(String address) {
        put(address, NextHops.LOCAL);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the test is its only writer
    private void put(String address, long slot) {
        int i = index(high(address), low(address));
        if (i == count) {
            highs[count] = high(address);
            lows[count++] = low(address);
        }
        slots[i] = slot;
        generation++;
    }

    private int index(long high, long low) {
        for (int i = 0; i < count; i++) {
            if (highs[i] == high && lows[i] == low) {
                return i;
            }
        }
        return count;
    }

    @Override
    public long lookup(int destinationAddress) {
        return lookup(0, Integer.toUnsignedLong(destinationAddress));
    }

    @Override
    public long lookup(long destinationHigh, long destinationLow) {
        if (broken) {
            throw new IllegalStateException("broken on purpose");
        }
        int i = index(destinationHigh, destinationLow);
        return i == count ? NextHops.NO_ROUTE : slots[i];
    }

    /** Of an unresolved neighbour nothing is known here. */
    @Override
    public long route(int destinationAddress) {
        return route(0, Integer.toUnsignedLong(destinationAddress));
    }

    @Override
    public long route(long destinationHigh, long destinationLow) {
        long found = lookup(destinationHigh, destinationLow);
        return found == UNRESOLVED ? NO_ROUTE : found;
    }

    @Override
    public long generation() {
        return generation;
    }

    /** The number of an address. */
    public static int address(String text) {
        return Addresses.toInt(inet(text));
    }

    /** The first eight bytes of an IPv6 address; 0 for IPv4. */
    public static long high(String text) {
        byte[] bytes = inet(text).getAddress();
        return bytes.length == 4 ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    /** The last eight bytes of an IPv6 address, or an IPv4 address, unsigned. */
    public static long low(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(inet(text).getAddress());
        return bytes.remaining() == 4
                ? Integer.toUnsignedLong(bytes.getInt())
                : bytes.getLong(Long.BYTES);
    }

    public static InetAddress inet(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
