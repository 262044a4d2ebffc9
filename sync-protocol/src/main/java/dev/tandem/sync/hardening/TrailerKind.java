package dev.tandem.sync.hardening;

import org.jspecify.annotations.Nullable;

/**
 * What a datagram with a trailer is for, and what stands in its body (offsets within the body, all
 * big-endian). All but {@link #DATA} have no records.
 */
enum TrailerKind {
    /** Records. Sequenced; no body. */
    DATA(1, 0),

    /**
     * How far a sender is: the trailer's sequence is the last one sent on the stream. 0 i64 oldest
     * sequence that can still be asked for; 8 u32 entries in the sender's table; 12 u32 zero.
     */
    STATUS(2, 16),

    /**
     * A receiver misses sequences of the stream. 0 i64 session that is asked; then up to 32 ranges
     * of 12 bytes: i64 first, u32 how many.
     */
    REQUEST(3, 20),

    /** A receiver wants to know whether a session lives. 0 i64 session; 8 nonce of 16 bytes. */
    CHALLENGE(4, 24),

    /**
     * The answer of a session that lives. 0 i64 session of the challenger; 8 its nonce; 24 one i64
     * for each stream: the sequence that will be sent next.
     */
    PROOF(5, 32),

    /** All entries of the table follow. Sequenced, on every stream. 0 i64 number of the round. */
    ROUND_BEGIN(6, 8),

    /**
     * All entries of the table were sent. Sequenced, on every stream. 0 i64 number of the round.
     */
    ROUND_END(7, 8),

    /**
     * A receiver cannot be repaired by sequence. 0 i64 session that is asked; 8 i64 a round that
     * begins at this sequence of stream 0, or later, will do.
     */
    TABLE_REQUEST(8, 16);

    private static final TrailerKind[] BY_CODE = {
        DATA, STATUS, REQUEST, CHALLENGE, PROOF, ROUND_BEGIN, ROUND_END, TABLE_REQUEST
    };

    private final int code;
    private final int minBodyLength;

    TrailerKind(int code, int minBodyLength) {
        this.code = code;
        this.minBodyLength = minBodyLength;
    }

    /** What stands on the wire. */
    int code() {
        return code;
    }

    /** The least that its body needs. */
    int minBodyLength() {
        return minBodyLength;
    }

    /** Null for a code of a version to come. */
    static @Nullable TrailerKind of(byte code) {
        return code >= 1 && code <= BY_CODE.length ? BY_CODE[code - 1] : null;
    }
}
