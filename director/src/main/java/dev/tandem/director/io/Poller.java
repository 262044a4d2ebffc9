package dev.tandem.director.io;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sleeps until a port has something to read or somebody signals: poll(2) over the ports'
 * descriptors and one {@link Wakeup}. Belongs to one thread; polling allocates nothing.
 */
public final class Poller implements AutoCloseable {
    /** struct pollfd (poll.h): int fd, short events, short revents. */
    private static final int ENTRY_LENGTH = 8;

    private static final int EVENTS_OFFSET = 4;
    private static final int REVENTS_OFFSET = 6;
    private static final int POLLIN = 0x001;
    private static final int POLLERR = 0x008;
    private static final int POLLHUP = 0x010;
    private static final int POLLNVAL = 0x020;

    private final Arena arena = Arena.ofShared();
    private final Wakeup wakeup;
    private final PacketPort[] owners;
    private final long entries;
    private final int count;

    private Poller(Wakeup wakeup, PacketPort[] owners, int[] descriptors) {
        this.wakeup = wakeup;
        this.owners = owners;
        count = descriptors.length + 1;
        entries = arena.allocate((long) ENTRY_LENGTH * count, 8).address();
        for (int i = 0; i < descriptors.length; i++) {
            watch(i, descriptors[i]);
        }
        watch(descriptors.length, wakeup.descriptor());
    }

    /** For a packet loop over these ports. */
    public static Poller over(Wakeup wakeup, List<? extends PacketPort> ports) {
        List<PacketPort> owners = new ArrayList<>();
        IntStream.Builder descriptors = IntStream.builder();
        for (PacketPort port : ports) {
            for (int descriptor : port.pollDescriptors()) {
                owners.add(port);
                descriptors.add(descriptor);
            }
        }
        return new Poller(wakeup, owners.toArray(PacketPort[]::new), descriptors.build().toArray());
    }

    /** For a thread that reads one descriptor. */
    public static Poller over(Wakeup wakeup, int descriptor) {
        return new Poller(wakeup, new PacketPort[0], new int[] {descriptor});
    }

    private void watch(int i, int descriptor) {
        long entry = entries + (long) ENTRY_LENGTH * i;
        Memory.putInt(entry, descriptor);
        Memory.putShort(entry + EVENTS_OFFSET, POLLIN);
    }

    /**
     * Waits at most {@code timeoutMs} milliseconds (0: only looks; negative: without end) and
     * clears the wake-up, so the caller looks for work of every kind afterwards. A descriptor in
     * error is reported to its port, which clears the error, or the next poll would return at once.
     *
     * @return how many descriptors were ready; 0 when the time was up
     */
    public int poll(int timeoutMs) {
        int ready = Native.poll(entries, count, timeoutMs);
        if (ready <= 0) {
            return 0; // time up, or interrupted: the caller's loop comes back
        }
        for (int i = 0; i < owners.length; i++) {
            long entry = entries + (long) ENTRY_LENGTH * i;
            int revents = Memory.getShort(entry + REVENTS_OFFSET);
            if ((revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) {
                owners[i].pollFailed(Memory.getInt(entry));
            }
        }
        wakeup.clear();
        return ready;
    }

    /** Frees its memory; the descriptors belong to their ports and the wake-up. */
    @Override
    public void close() {
        arena.close();
    }
}
