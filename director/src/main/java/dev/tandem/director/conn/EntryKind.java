package dev.tandem.director.conn;

import dev.tandem.sync.wire.SyncFlags;

/**
 * What an entry is, as bits beside its protocol number: part of its key, so that entries of one
 * kind are never found when another is asked for. 0 is the common case, an IPv4 connection.
 */
public final class EntryKind {
    /** An IPv4 connection with both its ports known. */
    public static final int CONNECTION = 0;

    /** The addresses are IPv6 and stand in a cell of their own. */
    public static final int IPV6 = 1;

    /** A persistence template, not a connection. */
    public static final int TEMPLATE = 2;

    /**
     * A connection whose client port is not known yet: it stands under port 0 and is found by a
     * packet from any port, when no other entry is.
     */
    public static final int NO_CLIENT_PORT = 4;

    /** A template that only matches packets with its persistence engine's data. */
    public static final int ENGINE = 8;

    private EntryKind() {}

    /** The bits that follow from an entry's flags. */
    static int of(int flags) {
        if ((flags & SyncFlags.TEMPLATE) != 0) {
            return TEMPLATE;
        }
        return (flags & SyncFlags.NO_CPORT) != 0 ? NO_CLIENT_PORT : CONNECTION;
    }
}
