package dev.tandem.director.conn;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.io.Tally;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts entries into the index and takes them out: each under its client's side, and connections
 * that are translated also under their server's side. Counts those without a client port, so that
 * nobody looks for one when there is none.
 */
final class EntryLinks {
    private static final Logger LOG = LoggerFactory.getLogger(EntryLinks.class);

    private final Tally damaged = new Tally();
    private final ConnectionHash hash;
    private final ConnectionIndex index;
    private final CellSlab slab;
    private int withoutClientPort;

    EntryLinks(ConnectionHash hash, ConnectionIndex index, CellSlab slab) {
        this.hash = hash;
        this.index = index;
        this.slab = slab;
    }

    /** Entries of {@link EntryKind#NO_CLIENT_PORT}. */
    int withoutClientPort() {
        return withoutClientPort;
    }

    /** Puts a complete entry under its client's side. */
    void linkIn(long entry, int tag) {
        index.link(tag, slab.number(entry));
        if (ConnectionEntry.hasNoClientPort(entry)) {
            withoutClientPort++;
        }
    }

    /** Takes it out there; its kind, addresses and ports are still those of {@link #linkIn}. */
    void unlinkIn(long entry) {
        unlink(inTag(entry), entry);
        if (ConnectionEntry.hasNoClientPort(entry)) {
            withoutClientPort--;
        }
    }

    /** Puts an entry under its server's side, if it has one. */
    void linkOut(long entry) {
        if (hasServerSide(entry)) {
            int tag = hashOut(entry);
            if (ConnectionEntry.isIpv6(entry)) {
                EntryAddresses6.outTag(entry, tag);
            }
            index.link(tag, slab.number(entry));
        }
    }

    /** Takes it out there; its flags and addresses are still those of {@link #linkOut}. */
    void unlinkOut(long entry) {
        if (hasServerSide(entry)) {
            int tag =
                    ConnectionEntry.isIpv6(entry) ? EntryAddresses6.outTag(entry) : hashOut(entry);
            unlink(tag, entry);
        }
    }

    /**
     * An entry that is not there under its tag has changed behind the table's back: bits of memory
     * have turned. It must not stay in the index, for its cell will be another's; to find it takes
     * some 10 ms per million entries.
     */
    private void unlink(int tag, long entry) {
        int number = slab.number(entry);
        if (!index.unlink(tag, number)) {
            index.purge(number);
            if (damaged.get() == 0) {
                LOG.error(
                        "an entry of the connection table was damaged in memory, and is removed;"
                                + " further ones are only counted");
            }
            damaged.add(1);
        }
    }

    /** Times that an entry was not there under its key, or its server's side; any thread. */
    long damaged() {
        return damaged.get();
    }

    /** Whether it is there under its server's side too: only what can get packets from there. */
    private static boolean hasServerSide(long entry) {
        return isTranslated(entry)
                && (ConnectionEntry.kind(entry) & ~EntryKind.IPV6) == EntryKind.CONNECTION;
    }

    /** The tag of its client's side. */
    int inTag(long entry) {
        if (ConnectionEntry.isIpv6(entry)) {
            return EntryAddresses6.inTag(entry);
        }
        return EntryDetails.hasEngine(entry)
                ? EntryDetails.tag(entry)
                : hash.in(
                        ConnectionEntry.protocol(entry),
                        ConnectionEntry.kind(entry),
                        ConnectionEntry.clientAddress(entry),
                        ConnectionEntry.clientPort(entry),
                        ConnectionEntry.virtualAddress(entry),
                        ConnectionEntry.virtualPort(entry));
    }

    /** The tag that an IPv6 entry's client side should have. */
    int hashIn6(long entry) {
        return hash.in(
                ConnectionEntry.protocol(entry),
                ConnectionEntry.kind(entry),
                EntryAddresses6.clientHigh(entry),
                EntryAddresses6.clientLow(entry),
                ConnectionEntry.clientPort(entry),
                EntryAddresses6.virtualHigh(entry),
                EntryAddresses6.virtualLow(entry),
                ConnectionEntry.virtualPort(entry));
    }

    private int hashOut(long entry) {
        return ConnectionEntry.isIpv6(entry)
                ? hash.out(
                        ConnectionEntry.protocol(entry),
                        EntryAddresses6.clientHigh(entry),
                        EntryAddresses6.clientLow(entry),
                        ConnectionEntry.clientPort(entry),
                        EntryAddresses6.realHigh(entry),
                        EntryAddresses6.realLow(entry),
                        ConnectionEntry.realPort(entry))
                : hash.out(
                        ConnectionEntry.protocol(entry),
                        ConnectionEntry.clientAddress(entry),
                        ConnectionEntry.clientPort(entry),
                        ConnectionEntry.realAddress(entry),
                        ConnectionEntry.realPort(entry));
    }

    /** Whether packets are forwarded by rewriting their addresses. */
    static boolean isTranslated(long entry) {
        return ConnectionEntry.forwardingCode(entry) == Forwarding.NAT.code();
    }
}
