package dev.tandem.director.conn;

import static dev.tandem.director.conn.ConnectionEntry.CLIENT_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.CLIENT_PORT_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.PROTOCOL_AND_KIND_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.REAL_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.REAL_PORT_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.VIRTUAL_ADDRESS_OFFSET;
import static dev.tandem.director.conn.ConnectionEntry.VIRTUAL_PORT_OFFSET;
import static dev.tandem.director.conn.ConnectionTable.NONE;

import dev.tandem.director.io.Memory;

/**
 * Finds entries of a {@link ConnectionTable}. The two searches that packets of IPv4 connections
 * make are written out on plain numbers, for they are what a packet's forwarding costs.
 */
final class ConnectionLookup {
    private final ConnectionHash hash;
    private final ConnectionIndex index;
    private final CellSlab slab;
    private final EntryLinks links;
    private final ConnectionKey scratch = new ConnectionKey();

    ConnectionLookup(ConnectionHash hash, ConnectionIndex index, CellSlab slab, EntryLinks links) {
        this.hash = hash;
        this.index = index;
        this.slab = slab;
        this.links = links;
    }

    /**
     * The entry of an IPv4 client's packet, or NONE. When no connection has the client's port, one
     * that waits for its client's port may be it.
     */
    long findIn(
            int protocol, int clientAddress, int clientPort, int virtualAddress, int virtualPort) {
        int tag =
                hash.in(
                        protocol,
                        EntryKind.CONNECTION,
                        clientAddress,
                        clientPort,
                        virtualAddress,
                        virtualPort);
        for (long slot = index.home(tag); ; slot = index.next(slot)) {
            long word = index.word(slot);
            if (word == 0) {
                break;
            }
            if (ConnectionIndex.tag(word) == tag) {
                long entry = slab.address(ConnectionIndex.number(word));
                if (Memory.getInt(entry + CLIENT_ADDRESS_OFFSET) == clientAddress
                        && Memory.getInt(entry + VIRTUAL_ADDRESS_OFFSET) == virtualAddress
                        && Memory.getShort(entry + CLIENT_PORT_OFFSET) == clientPort
                        && Memory.getShort(entry + VIRTUAL_PORT_OFFSET) == virtualPort
                        && Memory.getShort(entry + PROTOCOL_AND_KIND_OFFSET) == protocol) {
                    return entry;
                }
            }
        }
        return links.withoutClientPort() == 0
                ? NONE
                : search(
                        scratch.set(
                                EntryKind.NO_CLIENT_PORT,
                                protocol,
                                clientAddress,
                                0,
                                virtualAddress,
                                virtualPort));
    }

    /** The entry of an IPv6 client's packet, or NONE; as for IPv4. */
    long findIn(
            int protocol,
            long clientHigh,
            long clientLow,
            int clientPort,
            long virtualHigh,
            long virtualLow,
            int virtualPort) {
        return find(
                scratch.set(
                        EntryKind.CONNECTION,
                        protocol,
                        clientHigh,
                        clientLow,
                        clientPort,
                        virtualHigh,
                        virtualLow,
                        virtualPort));
    }

    /**
     * The entry with this key, or NONE. For a connection, whatever the key says of its client's
     * port, first the one that has this port, then one that waits for its client's port. The key
     * may be another afterwards.
     */
    long find(ConnectionKey key) {
        if (key.isTemplate()) {
            return search(key);
        }
        long entry = search(key.kind(EntryKind.CONNECTION));
        return entry != NONE || links.withoutClientPort() == 0
                ? entry
                : search(key.kind(EntryKind.NO_CLIENT_PORT).clientPort(0));
    }

    private long search(ConnectionKey key) {
        int tag = key.tag(hash);
        for (long slot = index.home(tag); ; slot = index.next(slot)) {
            long word = index.word(slot);
            if (word == 0) {
                return NONE;
            }
            if (ConnectionIndex.tag(word) == tag) {
                long entry = slab.address(ConnectionIndex.number(word));
                if (key.matches(entry)) {
                    return entry;
                }
            }
        }
    }

    /**
     * The entry of a packet from the server side, or NONE. The source is the real server for
     * translated connections, and the virtual service itself for the others (a server that answers
     * the client directly, by way of this host).
     *
     * <p>Two connections of one client port to two virtual services on one real server look alike
     * from this side; the one that the index meets first is returned. The kernel has the same
     * ambiguity.
     */
    long findOut(
            int protocol, int sourceAddress, int sourcePort, int clientAddress, int clientPort) {
        int tag = hash.out(protocol, clientAddress, clientPort, sourceAddress, sourcePort);
        for (long slot = index.home(tag); ; slot = index.next(slot)) {
            long word = index.word(slot);
            if (word == 0) {
                break;
            }
            if (ConnectionIndex.tag(word) == tag) {
                long entry = slab.address(ConnectionIndex.number(word));
                if (Memory.getInt(entry + CLIENT_ADDRESS_OFFSET) == clientAddress
                        && Memory.getInt(entry + REAL_ADDRESS_OFFSET) == sourceAddress
                        && Memory.getShort(entry + CLIENT_PORT_OFFSET) == clientPort
                        && Memory.getShort(entry + REAL_PORT_OFFSET) == sourcePort
                        && Memory.getShort(entry + PROTOCOL_AND_KIND_OFFSET) == protocol
                        && EntryLinks.isTranslated(entry)) {
                    return entry;
                }
            }
        }
        return direct(findIn(protocol, clientAddress, clientPort, sourceAddress, sourcePort));
    }

    /** The entry of a packet from the server side over IPv6; as for IPv4. */
    long findOut(
            int protocol,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            long clientHigh,
            long clientLow,
            int clientPort) {
        int tag =
                hash.out(
                        protocol,
                        clientHigh,
                        clientLow,
                        clientPort,
                        sourceHigh,
                        sourceLow,
                        sourcePort);
        int protocolAndKind = protocol | EntryKind.IPV6 << 8;
        for (long slot = index.home(tag); ; slot = index.next(slot)) {
            long word = index.word(slot);
            if (word == 0) {
                break;
            }
            if (ConnectionIndex.tag(word) == tag) {
                long entry = slab.address(ConnectionIndex.number(word));
                if (Memory.getShort(entry + PROTOCOL_AND_KIND_OFFSET) == protocolAndKind
                        && ConnectionEntry.clientPort(entry) == clientPort
                        && ConnectionEntry.realPort(entry) == sourcePort
                        && EntryAddresses6.clientLow(entry) == clientLow
                        && EntryAddresses6.clientHigh(entry) == clientHigh
                        && EntryAddresses6.realLow(entry) == sourceLow
                        && EntryAddresses6.realHigh(entry) == sourceHigh
                        && EntryLinks.isTranslated(entry)) {
                    return entry;
                }
            }
        }
        return direct(
                findIn(
                        protocol,
                        clientHigh,
                        clientLow,
                        clientPort,
                        sourceHigh,
                        sourceLow,
                        sourcePort));
    }

    /** The entry, if servers answer for it under the virtual address. */
    private static long direct(long entry) {
        return entry == NONE
                        || EntryLinks.isTranslated(entry)
                        || ConnectionEntry.hasNoClientPort(entry)
                ? NONE
                : entry;
    }
}
