package dev.tandem.sync.table;

import org.jspecify.annotations.Nullable;

/**
 * What a frame says. A backup asks, a master answers; there is one question at a time.
 *
 * <p>Numbers are big-endian. TABLES.md of this module has the whole.
 */
public enum FrameKind {
    /** Both sides' first frame, never signed: version, sync id, whether it signs, a nonce. */
    HELLO(1),

    /** Backup: asks for {@link #DIGESTS}; no body. */
    ASK_DIGESTS(2),

    /**
     * Master: u64 epoch, u64 incarnation, u64 entries, then for each bucket the u64 sum, then for
     * each the u32 number of entries.
     */
    DIGESTS(3),

    /** Master no more, or never one; no body. The connection ends. */
    NOT_MASTER(4),

    /**
     * Backup: asks for all entries of some buckets. u64 incarnation, then the set of buckets; the
     * position is the slot to begin at, above 0 only to go on with the same incarnation.
     */
    ASK_ENTRIES(5),

    /** Master: a sync message; entries in slots below the position have been told. */
    ENTRIES(6),

    /** Master: that was all; no body. */
    ENTRIES_END(7);

    private static final FrameKind[] BY_CODE = new FrameKind[8];

    static {
        for (FrameKind kind : values()) {
            BY_CODE[kind.code] = kind;
        }
    }

    private final int code;

    FrameKind(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    int code() {
        return code;
    }

    /** The kind of this number, or null. */
    static @Nullable FrameKind of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
