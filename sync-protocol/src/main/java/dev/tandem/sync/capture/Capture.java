package dev.tandem.sync.capture;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.PcapStat;
import org.pcap4j.core.Pcaps;

/**
 * Frames, one after the other, of a capture file (pcap or pcapng) or of an interface as they pass.
 * Reads with the host's libpcap and so needs it; listening on an interface also needs the right to
 * open packet sockets (CAP_NET_RAW). An interface is only listened to: nothing is sent, no group is
 * joined.
 *
 * <p>For one thread.
 */
public final class Capture implements AutoCloseable {
    /** What came of asking for a frame. */
    public enum Next {
        FRAME,
        /** Nothing passed within {@link #WAIT_MS}. */
        NOTHING,
        /** The file is over. */
        END
    }

    /** How long {@link #next} waits at an interface. */
    public static final int WAIT_MS = 100;

    private static final long WAIT_NS = WAIT_MS * 1_000_000L;

    /** How late a frame is noticed at most when nothing passed before it. */
    private static final long POLL_NS = 1_000_000;

    /** The longest frame: an IP packet of 64 KiB and any link header. */
    private static final int SNAP_LENGTH = 262_144;

    private static final int BUFFER_BYTES = 16 << 20;
    private static final long MS_PER_S = 1000;
    private static final long NS_PER_S = 1_000_000_000L;

    private final PcapHandle handle;
    private final String name;
    private final boolean live;
    private final int linkType;
    private ByteBuffer frame = ByteBuffer.allocate(0);
    private Timestamp timestamp = new Timestamp(0);
    private int originalLength;
    private @Nullable String damage;

    private Capture(PcapHandle handle, String name, boolean live) {
        this.handle = handle;
        this.name = name;
        this.live = live;
        linkType = handle.getDlt().value();
    }

    /**
     * Opens a capture file; "-" is the standard input.
     *
     * @throws IOException when there is none, when it is no capture, or when libpcap is missing
     */
    public static Capture openFile(Path file) throws IOException {
        String name = file.toString();
        if (!name.equals("-") && !Files.exists(file)) {
            throw new NoSuchFileException(name);
        }
        try {
            return new Capture(Pcaps.openOffline(name, TimestampPrecision.NANO), name, false);
        } catch (PcapNativeException e) {
            throw new IOException("cannot read " + name + ": " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw missingLibrary(e);
        }
    }

    /**
     * Listens on an interface.
     *
     * @param interfaceName "any" for all of them
     * @param filter what is to be seen, see {@link SyncFilter}; empty for everything
     * @throws IOException when there is no such interface, when the right to listen or libpcap is
     *     missing
     */
    public static Capture openInterface(String interfaceName, String filter) throws IOException {
        try {
            PcapHandle handle =
                    new PcapHandle.Builder(interfaceName)
                            .snaplen(SNAP_LENGTH)
                            .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                            .timeoutMillis(WAIT_MS)
                            .bufferSize(BUFFER_BYTES)
                            .immediateMode(true)
                            .timestampPrecision(TimestampPrecision.NANO)
                            .build();
            try {
                handle.setFilter(filter, BpfCompileMode.OPTIMIZE);
                // libpcap's own waiting may last until the next frame, whatever time was asked for
                handle.setBlockingMode(BlockingMode.NONBLOCKING);
            } catch (PcapNativeException | NotOpenException e) {
                handle.close();
                throw new IOException("cannot filter " + interfaceName + ": " + e.getMessage(), e);
            }
            return new Capture(handle, interfaceName, true);
        } catch (PcapNativeException e) {
            throw new IOException("cannot listen on " + interfaceName + ": " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw missingLibrary(e);
        }
    }

    private static IOException missingLibrary(LinkageError e) {
        return new IOException(
                "libpcap cannot be loaded; install it, with Debian: apt-get install libpcap0.8", e);
    }

    /**
     * The next frame, waited for a moment if need be, and read at once.
     *
     * @throws IOException when the interface went away
     */
    public Next next(FrameReader reader) throws IOException {
        Next next = next();
        if (next == Next.FRAME) {
            FrameVerdict _ = reader.read(frame, originalLength, linkType, timeNs());
        }
        return next;
    }

    /**
     * The next frame, waited for a moment if need be; the methods below tell of it.
     *
     * @throws IOException when the interface went away
     */
    public Next next() throws IOException {
        long deadlineNs = System.nanoTime() + WAIT_NS;
        while (true) {
            try {
                frame = ByteBuffer.wrap(handle.getNextRawPacketEx());
                timestamp = handle.getTimestamp();
                originalLength = handle.getOriginalLength();
                return Next.FRAME;
            } catch (IllegalArgumentException _) {
                // a second of more than 10^9 nanoseconds
                damage = name + ": a frame has an impossible time and was skipped";
            } catch (TimeoutException _) {
                if (System.nanoTime() - deadlineNs >= 0) {
                    return Next.NOTHING;
                }
                LockSupport.parkNanos(POLL_NS);
            } catch (EOFException _) {
                return Next.END;
            } catch (PcapNativeException e) {
                if (live) {
                    throw new IOException("cannot listen on " + name + ": " + e.getMessage(), e);
                }
                damage = name + ": damaged, the rest was not read: " + e.getMessage();
                return Next.END;
            } catch (NotOpenException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The frame's bytes, as many as were captured. */
    public ByteBuffer frame() {
        return frame;
    }

    /** Nanoseconds since 1970. */
    public long timeNs() {
        return Math.floorDiv(timestamp.getTime(), MS_PER_S) * NS_PER_S + timestamp.getNanos();
    }

    /** The frame's length on the wire. */
    public int originalLength() {
        return originalLength;
    }

    /** libpcap's number of the link type. */
    public int linkType() {
        return linkType;
    }

    /** What is wrong with the file, in a sentence; null when nothing is. */
    public @Nullable String damage() {
        return damage;
    }

    /** Frames that passed the filter at the interface and were lost because we were slow. */
    public long dropped() throws IOException {
        try {
            PcapStat stat = handle.getStats();
            return stat.getNumPacketsDropped();
        } catch (PcapNativeException | NotOpenException e) {
            throw new IOException("no statistics of " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Opens a capture file to {@link Recording#write} frames of this capture to; what the file held
     * is lost.
     */
    public Recording record(Path file) throws IOException {
        try {
            return new Recording(handle.dumpOpen(file.toString()), this);
        } catch (PcapNativeException | NotOpenException e) {
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        handle.close();
    }

    Timestamp timestamp() {
        return timestamp;
    }
}
