package dev.tandem.sync.hardening;

/** Why a datagram was not given to the worker. */
public enum Refusal {
    /** No trailer, and the mode is enforce. */
    NO_TRAILER,

    /** Signed with a key that this node does not have. */
    UNKNOWN_KEY,

    /** Not signed by whoever has the key, or changed since. */
    BAD_MAC,

    /** Well signed, but its lengths or its stream do not fit. */
    MALFORMED,

    /** Well signed, of a kind that only later versions know. */
    UNKNOWN_KIND,

    /** Sent by this very process. */
    REFLECTED,

    /** Its sender has not yet proven, or cannot prove, that it lives. */
    UNPROVEN,

    /** A proof that nobody here asked for. */
    BAD_PROOF,

    /** Of an owner that another one has followed since. */
    STALE_EPOCH,

    /** Another master's, while this node is master itself. */
    OTHER_MASTER,

    /** Taken, or given up, long ago. */
    REPLAY,

    /** Taken not long ago, or waiting for its turn. */
    DUPLICATE,

    /** Too far ahead to be kept until its turn comes. */
    BEYOND_WINDOW
}
