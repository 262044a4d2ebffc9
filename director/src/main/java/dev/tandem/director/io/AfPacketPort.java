package dev.tandem.director.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A real network interface, over AF_PACKET sockets (packet(7)). Needs CAP_NET_RAW, and
 * CAP_NET_ADMIN for large send buffers.
 *
 * <p>Frames arrive in rings that the kernel fills, two for each address family ({@link
 * FamilyRings}). One ring with slots for the largest frames would cost 68 KiB for every SYN: 8192
 * of them (20 ms at 0.4 million packets per second, longer than any pause of the collector with
 * this little live data) would take 557 MB instead of 16. By default a port takes 16 MiB for short
 * IPv4 frames and 69 MiB for 1035 super-frames (20 ms at 50000 a second, or at 25 Gbit/s when they
 * are full), and half of both for IPv6.
 *
 * <p>They are sent from the very slots they arrived in; see {@link TransmitQueue}. ARP and
 * neighbour discovery have small rings of their own ({@link NeighbourRings}).
 */
public final class AfPacketPort extends PacketPort {
    /** How many frames {@link #receive} hands out at most. */
    public static final int BATCH = 64;

    private final int index;
    private final String name;
    private final InterfaceFacts facts;
    private final FamilyRings ipv4;
    private final FamilyRings ipv6;
    private final NeighbourRings neighbours;
    private final MulticastMembership groups;
    private final TransmitQueue transmit;

    /** Whose frames come first in the present batch; the families take turns. */
    private FamilyRings first;

    private FamilyRings second;

    /** Frames of the first family in the present batch. */
    private int firstCount;

    private final Tally received = new Tally();
    private final Tally linkErrors = new Tally();

    /** Guarded by this, as is closing: the kernel forgets its count when it is read. */
    private long dropped;

    private boolean closed;

    /**
     * How many frames the rings of IPv4 take before the kernel drops; rounded up to whole blocks of
     * 1 MiB. Those of IPv6 take half as many.
     */
    public record RingSlots(int shortFrames, int superFrames) {
        public static final RingSlots DEFAULT = new RingSlots(8192, 1024);

        RingSlots half() {
            return new RingSlots((shortFrames + 1) / 2, (superFrames + 1) / 2);
        }
    }

    private AfPacketPort(
            int index,
            String name,
            InterfaceFacts facts,
            FamilyRings ipv4,
            FamilyRings ipv6,
            NeighbourRings neighbours,
            MulticastMembership groups,
            TransmitQueue transmit) {
        this.index = index;
        this.name = name;
        this.facts = facts;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        this.neighbours = neighbours;
        this.groups = groups;
        this.transmit = transmit;
        first = ipv4;
        second = ipv6;
    }

    /**
     * Opens a port on an Ethernet interface of the calling thread's network namespace. It need not
     * be up yet.
     *
     * @param index among the director's ports, from 0
     */
    public static AfPacketPort open(String interfaceName, int index) throws IOException {
        return open(interfaceName, index, RingSlots.DEFAULT);
    }

    public static AfPacketPort open(String interfaceName, int index, RingSlots slots)
            throws IOException {
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            InterfaceFacts facts = InterfaceFacts.read(interfaceName);
            FamilyRings ipv4 = FamilyRings.open(facts, PacketSocket.ETH_P_IP, slots, BATCH);
            opened.add(ipv4);
            FamilyRings ipv6 =
                    FamilyRings.open(facts, PacketSocket.ETH_P_IPV6, slots.half(), BATCH);
            opened.add(ipv6);
            NeighbourRings neighbours = NeighbourRings.open(facts.index());
            opened.add(neighbours);
            MulticastMembership groups = MulticastMembership.open(facts.index());
            opened.add(groups);
            TransmitQueue transmit = TransmitQueue.open(facts.index());
            return new AfPacketPort(
                    index, interfaceName, facts, ipv4, ipv6, neighbours, groups, transmit);
        } catch (IOException e) {
            IOException failure =
                    new IOException("interface " + interfaceName + ": " + e.getMessage(), e);
            for (AutoCloseable part : opened) {
                closeAfter(failure, part);
            }
            throw failure;
        }
    }

    private static void closeAfter(IOException failure, AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Empty when this kernel's packet sockets have all that a port needs, else what is missing.
     * Needs CAP_NET_RAW.
     */
    public static String probe() {
        try {
            ReceiveRing.probe();
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int interfaceIndex() {
        return facts.index();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long hardwareAddress() {
        return facts.hardwareAddress();
    }

    @Override
    public int mtu() {
        return facts.mtu();
    }

    @Override
    public int[] pollDescriptors() {
        return new int[] {
            ipv4.shortDescriptor(),
            ipv4.superDescriptor(),
            ipv6.shortDescriptor(),
            ipv6.superDescriptor(),
            neighbours.arpDescriptor(),
            neighbours.discoveryDescriptor(),
        };
    }

    @Override
    public int receive(int limit) {
        FamilyRings waited = second; // a flood of one family leaves the other its turn
        second = first;
        first = waited;
        int most = Math.min(limit, BATCH);
        firstCount = first.receive(most);
        return firstCount + (firstCount < most ? second.receive(most - firstCount) : 0);
    }

    @Override
    public long frame(int i) {
        return i < firstCount ? first.frame(i) : second.frame(i - firstCount);
    }

    @Override
    public int length(int i) {
        return i < firstCount ? first.length(i) : second.length(i - firstCount);
    }

    @Override
    public void release(int count) {
        if (count > 0) {
            received.add(count);
            first.release(Math.min(count, firstCount));
            second.release(count - firstCount);
        }
    }

    @Override
    public void enqueue(long frame, int length) {
        transmit.add(frame, length);
    }

    @Override
    public void flush() {
        transmit.flush();
    }

    @Override
    public int receiveNeighbour(long buffer, int capacity) {
        return neighbours.receive(buffer, capacity);
    }

    @Override
    public void joinGroup(long groupHigh, long groupLow) throws IOException {
        groups.join(groupHigh, groupLow);
    }

    /**
     * An interface that went down leaves ENETDOWN at its sockets; they work again when it comes up.
     * One that was deleted leaves the same and its sockets stay silent for ever: who follows the
     * host's links ({@code HostNetwork}) learns which it was.
     */
    @Override
    public void pollFailed(int descriptor) {
        if (PacketSocket.takeError(descriptor) != 0 && descriptor == ipv4.shortDescriptor()) {
            linkErrors.add(1);
        }
    }

    @Override
    public synchronized PortCounters counters() {
        if (!closed) {
            dropped += ipv4.takeDropped() + ipv6.takeDropped();
        }
        return new PortCounters(
                received.get(),
                dropped,
                ipv4.truncated() + ipv6.truncated(),
                ipv4.tagged() + ipv6.tagged(),
                ipv4.notForUs() + ipv6.notForUs(),
                transmit.sent(),
                transmit.failed(),
                transmit.lastErrno(),
                linkErrors.get());
    }

    /** Called when the worker has stopped: its slots are unmapped. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            ipv4.close();
            ipv6.close();
            neighbours.close();
            groups.close();
            transmit.close();
        }
    }
}
