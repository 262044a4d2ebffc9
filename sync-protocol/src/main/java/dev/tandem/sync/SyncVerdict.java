package dev.tandem.sync;

/**
 * What became of a datagram or of one record in it. Whatever is refused, records before it stay
 * taken. The codes of record faults are those of the kernel's reader
 * (net/netfilter/ipvs/ip_vs_sync.c, ip_vs_proc_sync_conn): negative ones cost the rest of the
 * datagram, positive ones the record alone.
 */
public enum SyncVerdict {
    /** Everything in the datagram was read; single records may have been skipped. */
    ACCEPTED(Loss.NOTHING, 0),

    /** Less than 4 bytes: no size to look at. */
    DATAGRAM_TOO_SHORT(Loss.DATAGRAM, -1),

    /** The size field differs from the datagram's length; a cut datagram ends here too. */
    SIZE_MISMATCH(Loss.DATAGRAM, -2),

    /** Another sync id, and ours is not 0. */
    FOREIGN_SYNC_ID(Loss.DATAGRAM, -3),

    /**
     * Looks like version 1 but ends within the header. The kernel reads on past the end, into what
     * an earlier datagram left in its buffer; we ask for all 8 bytes.
     */
    HEADER_TOO_SHORT(Loss.DATAGRAM, -4),

    /** First byte 0, but not version 1. To the kernel this is an empty version 0 message. */
    UNKNOWN_VERSION(Loss.DATAGRAM, -5),

    /** Fewer bytes left than the smallest record has. */
    RECORD_CUT(Loss.REST, -7),

    /** The record's length reaches past the datagram. */
    RECORD_OVERRUN(Loss.REST, -8),

    /** The record's version is not 0. */
    RECORD_VERSION(Loss.REST, -9),

    /** Neither IPv4 nor IPv6. */
    RECORD_TYPE(Loss.REST, -10),

    /** The record's length does not hold its own fixed fields. */
    RECORD_TOO_SMALL(Loss.REST, -20),

    /** A single byte where an option should start. */
    OPTION_CUT(Loss.REST, -30),

    /** An option without data, or reaching past its record. */
    OPTION_LENGTH(Loss.REST, -40),

    /** Sequence data that are not 24 bytes, or there twice. */
    OPTION_SEQUENCE(Loss.REST, -50),

    /** Persistence-engine data there twice. */
    OPTION_ENGINE_DATA(Loss.REST, -60),

    /** Persistence-engine name of more than 16 bytes, or there twice. */
    OPTION_ENGINE_NAME(Loss.REST, -70),

    /** An option that is neither known nor marked as optional. */
    OPTION_UNKNOWN(Loss.RECORD, 20),

    /**
     * A one-packet connection, or a template that waits for its client's port; no master sends
     * either. Linux 6.1.192 skips both; 6.1.176 was seen to take the former with the bit masked
     * off.
     */
    RECORD_FLAGS(Loss.RECORD, 25),

    /** A connection, not a template, of a protocol that IPVS does not balance. */
    RECORD_PROTOCOL(Loss.RECORD, 30),

    /** A state that the protocol, or a template, does not have. */
    RECORD_STATE(Loss.RECORD, 40),

    /** Persistence-engine data without an engine's name, or of an engine that we do not have. */
    ENGINE_UNKNOWN(Loss.RECORD, 50);

    /** How much of a datagram a verdict costs. */
    public enum Loss {
        NOTHING,
        /** Only the record; the next one is read. */
        RECORD,
        /** The record and all after it. */
        REST,
        /** The whole datagram. */
        DATAGRAM
    }

    private final Loss loss;
    private final int code;

    SyncVerdict(Loss loss, int code) {
        this.loss = loss;
        this.code = code;
    }

    public Loss loss() {
        return loss;
    }

    /** Stable number for counters and logs; the kernel's own from -10 down and from 10 up. */
    public int code() {
        return code;
    }
}
