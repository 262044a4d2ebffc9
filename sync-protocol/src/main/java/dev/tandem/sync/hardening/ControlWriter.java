package dev.tandem.sync.hardening;

import dev.tandem.sync.hardening.HardeningCounters.Count;
import dev.tandem.sync.transport.SyncLink;
import dev.tandem.sync.wire.SyncHeaderV1;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Puts trailers on datagrams, and writes the messages that consist of nothing else. Used by one
 * thread.
 */
final class ControlWriter {
    private static final int ALIGNMENT = 4;

    private final SyncLink link;
    private final int syncId;
    private final long session;
    private final Signer signer;
    private final HardeningCounters counters;
    private final boolean silent;
    private long epoch;

    /**
     * @param silent never sends anything
     */
    ControlWriter(
            SyncLink link,
            int syncId,
            long session,
            Signer signer,
            HardeningCounters counters,
            boolean silent) {
        this.link = link;
        this.syncId = syncId;
        this.session = session;
        this.signer = signer;
        this.counters = counters;
        this.silent = silent;
    }

    boolean isSilent() {
        return silent;
    }

    /** The epoch of messages from now on. */
    void epoch(long epoch) {
        this.epoch = epoch;
    }

    /** An empty control message, its position where the body begins; null when there is no room. */
    @Nullable ByteBuffer begin(int stream) {
        ByteBuffer buffer = silent ? null : link.claim(stream);
        if (buffer == null) {
            counters.add(Count.CONTROL_DROPS);
            return null;
        }
        buffer.clear().order(ByteOrder.BIG_ENDIAN);
        buffer.put(SyncHeaderV1.RESERVED_OFFSET, (byte) 0);
        buffer.put(SyncHeaderV1.SYNC_ID_OFFSET, (byte) syncId);
        buffer.put(SyncHeaderV1.COUNT_OFFSET, (byte) 0);
        buffer.put(SyncHeaderV1.VERSION_OFFSET, (byte) SyncHeaderV1.VERSION);
        buffer.putShort(SyncHeaderV1.SPARE_OFFSET, (short) 0);
        return buffer.position(SyncHeaderV1.LENGTH);
    }

    /** Bytes that the body may still take. */
    static int bodyRoom(ByteBuffer message) {
        return message.remaining() - Trailer.LENGTH;
    }

    /** The body has been written up to the buffer's position. */
    void stampControl(ByteBuffer message, TrailerKind kind, int stream, long sequence) {
        int bodyLength = message.position() - SyncHeaderV1.LENGTH;
        message.flip();
        stamp(message, kind, stream, sequence, bodyLength);
    }

    /** Puts the trailer behind the datagram's limit and moves the limit behind it. */
    void stamp(ByteBuffer datagram, TrailerKind kind, int stream, long sequence, int bodyLength) {
        int end = datagram.limit();
        int trailer = (end + ALIGNMENT - 1) & -ALIGNMENT;
        datagram.limit(trailer + Trailer.LENGTH);
        for (int at = end; at < trailer; at++) {
            datagram.put(at, (byte) 0);
        }
        datagram.putInt(trailer + Trailer.MAGIC_OFFSET, Trailer.MAGIC);
        datagram.put(trailer + Trailer.VERSION_OFFSET, (byte) Trailer.VERSION);
        datagram.put(trailer + Trailer.KIND_OFFSET, (byte) kind.code());
        datagram.putLong(trailer + Trailer.SESSION_OFFSET, session);
        datagram.putLong(trailer + Trailer.EPOCH_OFFSET, epoch);
        datagram.putLong(trailer + Trailer.SEQUENCE_OFFSET, sequence);
        datagram.putShort(trailer + Trailer.STREAM_OFFSET, (short) (stream << 8));
        datagram.putShort(trailer + Trailer.BODY_LENGTH_OFFSET, (short) bodyLength);
        datagram.putShort(SyncHeaderV1.SIZE_OFFSET, (short) datagram.limit());
        signer.sign(datagram);
    }

    /** Signs anew what was stamped before: the keys may have changed since. */
    void signAgain(ByteBuffer datagram) {
        signer.sign(datagram);
    }

    void send(ByteBuffer datagram) {
        link.send(datagram);
    }
}
