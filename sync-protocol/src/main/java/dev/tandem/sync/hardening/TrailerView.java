package dev.tandem.sync.hardening;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a datagram's trailer says, for tools that only look. Nothing in it is to be believed until
 * {@link #verify} found nothing wrong.
 *
 * @param kind name of what the datagram is for, such as DATA or STATUS; KIND_n for one that is not
 *     known
 * @param keyId which key signed it, 0 to 65535
 * @param session random number of the sending process
 * @param epoch ownership epoch
 * @param sequence number within session and stream; its meaning is the kind's
 * @param stream which of the sender's streams, 0 to 255
 * @param bodyLength bytes between the last record and the trailer that are the kind's
 */
public record TrailerView(
        String kind,
        int keyId,
        long session,
        long epoch,
        long sequence,
        int stream,
        int bodyLength) {
    /** Bytes of a trailer. */
    public static final int LENGTH = Trailer.LENGTH;

    /** Reads the trailer of the datagram between position and limit; null when it has none. */
    public static @Nullable TrailerView of(ByteBuffer datagram) {
        if (!Trailer.isPresent(datagram)) {
            return null;
        }
        TrailerKind kind = TrailerKind.of(Trailer.kind(datagram));
        return new TrailerView(
                kind == null ? "KIND_" + Byte.toUnsignedInt(Trailer.kind(datagram)) : kind.name(),
                Trailer.keyId(datagram),
                Trailer.session(datagram),
                Trailer.epoch(datagram),
                Trailer.sequence(datagram),
                Trailer.stream(datagram),
                Trailer.bodyLength(datagram));
    }

    /** Whether it takes a number of its own, so that a number which does not come is a loss. */
    public boolean isSequenced() {
        return kind.equals(TrailerKind.DATA.name())
                || kind.equals(TrailerKind.ROUND_BEGIN.name())
                || kind.equals(TrailerKind.ROUND_END.name());
    }

    /**
     * What is wrong with the datagram by these keys; null when it was signed with one of them and
     * its lengths fit. The datagram must have a trailer.
     *
     * @param keys at least one
     */
    public static @Nullable Refusal verify(ByteBuffer datagram, List<SyncKey> keys) {
        Refusal refusal = new Signer(keys).verify(datagram);
        return refusal == null && !Trailer.isSound(datagram) ? Refusal.MALFORMED : refusal;
    }
}
