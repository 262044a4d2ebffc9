package dev.tandem.sync.capture;

import dev.tandem.sync.transport.SyncLinkConfig;
import dev.tandem.sync.wire.SyncHeaderV1;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Passes on the datagrams of a capture that are sync messages, bad ones included: those to the
 * given group and ports; when nothing was given, those to the kernel's 64 ports, and those to any
 * other port where a message of the right look was seen, for users choose other ports.
 *
 * <p>Used by the thread that reads the capture.
 */
public final class SyncSelector implements DatagramHandler {
    /** The most ports a kernel's daemon uses. */
    public static final int MAX_PORTS = 64;

    /** Ports that were found to carry sync messages; no more are remembered. */
    private static final int MAX_FOUND = 1024;

    private static final int V0_RECORD_LENGTH = 24;
    private static final int V0_FULL_RECORD_LENGTH = 48;
    private static final int V0_FLAGS_OFFSET = 20;
    private static final int V0_SEQUENCE_FLAGS = 0x0600;

    private final DatagramHandler next;
    private final int firstPort;
    private final int lastPort;
    private final boolean detect;
    private final @Nullable InetAddress group;
    private final Set<Integer> found = new HashSet<>();

    private SyncSelector(
            DatagramHandler next,
            int firstPort,
            int lastPort,
            boolean detect,
            @Nullable InetAddress group) {
        this.next = next;
        this.firstPort = firstPort;
        this.lastPort = lastPort;
        this.detect = detect;
        this.group = group;
    }

    /** Those to these ports, and to this group unless it is null. */
    public static SyncSelector of(
            int firstPort, int lastPort, @Nullable InetAddress group, DatagramHandler next) {
        return new SyncSelector(next, firstPort, lastPort, false, group);
    }

    /** Those to the default ports and to ports that look like it; to this group unless null. */
    public static SyncSelector detecting(@Nullable InetAddress group, DatagramHandler next) {
        int first = SyncLinkConfig.DEFAULT_PORT;
        return new SyncSelector(next, first, first + MAX_PORTS - 1, true, group);
    }

    @Override
    public void onDatagram(CapturedDatagram datagram) {
        if (isSelected(datagram)) {
            next.onDatagram(datagram);
        }
    }

    @Override
    public void onFault(FrameVerdict fault, CapturedDatagram datagram) {
        if (isSelected(datagram)) {
            next.onFault(fault, datagram);
        }
    }

    private boolean isSelected(CapturedDatagram datagram) {
        if (group != null && !group.equals(datagram.destination())) {
            return false;
        }
        int port = datagram.destinationPort();
        if ((port >= firstPort && port <= lastPort) || found.contains(port)) {
            return true;
        }
        if (detect && found.size() < MAX_FOUND && looksLikeSync(datagram.payload())) {
            found.add(port);
            return true;
        }
        return false;
    }

    /** Whether every byte of the framing is as a kernel writes it. */
    static boolean looksLikeSync(ByteBuffer payload) {
        int at = payload.position();
        int length = payload.remaining();
        if (length <= SyncHeaderV1.COMMON_LENGTH
                || Short.toUnsignedInt(payload.getShort(at + SyncHeaderV1.SIZE_OFFSET)) != length) {
            return false;
        }
        int count = Byte.toUnsignedInt(payload.get(at));
        return count == 0
                ? length >= SyncHeaderV1.LENGTH
                        && payload.get(at + SyncHeaderV1.VERSION_OFFSET) == SyncHeaderV1.VERSION
                        && payload.getShort(at + SyncHeaderV1.SPARE_OFFSET) == 0
                : isVersion0(payload, count);
    }

    private static boolean isVersion0(ByteBuffer payload, int count) {
        int at = payload.position() + SyncHeaderV1.COMMON_LENGTH;
        for (int i = 0; i < count; i++) {
            if (payload.limit() - at < V0_RECORD_LENGTH || payload.get(at) != 0) {
                return false;
            }
            int flags = Short.toUnsignedInt(payload.getShort(at + V0_FLAGS_OFFSET));
            at += (flags & V0_SEQUENCE_FLAGS) == 0 ? V0_RECORD_LENGTH : V0_FULL_RECORD_LENGTH;
        }
        return at == payload.limit();
    }
}
