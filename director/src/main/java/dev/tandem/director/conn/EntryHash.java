package dev.tandem.director.conn;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncState;

/**
 * Hashes of entries that are the same on every node, for {@link TableDigest}: no secret is in them,
 * and nothing is found by them. A persistence engine's data are not in them: templates of one
 * client and service differ in number, not in hash.
 */
final class EntryHash {
    private static final long SEED = 0x9E3779B97F4A7C15L;

    private EntryHash() {}

    /** What the entry is found by: protocol, kind, client and virtual service. */
    static long key(long entry) {
        long ports =
                (long) ConnectionEntry.clientPort(entry) << 48
                        | (long) ConnectionEntry.virtualPort(entry) << 32
                        | (long) ConnectionEntry.protocol(entry) << 8
                        | ConnectionEntry.kind(entry);
        long hash = mix(ports + SEED);
        if (ConnectionEntry.isIpv6(entry)) {
            hash = mix(hash ^ EntryAddresses6.clientHigh(entry));
            hash = mix(hash ^ EntryAddresses6.clientLow(entry));
            hash = mix(hash ^ EntryAddresses6.virtualHigh(entry));
            return mix(hash ^ EntryAddresses6.virtualLow(entry));
        }
        return mix(
                hash
                        ^ ((long) ConnectionEntry.clientAddress(entry) << 32
                                | Integer.toUnsignedLong(ConnectionEntry.virtualAddress(entry))));
    }

    /**
     * All of it that peers have to agree on: key, server, state as last announced.
     *
     * @param key of this entry
     */
    static long content(long entry, long key) {
        long server = mix(key ^ ConnectionEntry.realLow(entry));
        if (ConnectionEntry.isRealIpv6(entry)) {
            server = mix(server ^ ConnectionEntry.realHigh(entry));
        }
        return mix(
                server
                        + ((long) ConnectionEntry.realPort(entry) << 16
                                | ConnectionEntry.syncedState(entry)));
    }

    /** Whether an announced entry counts in the state that was announced. */
    static boolean isCounted(long entry) {
        if (ConnectionEntry.isTemplate(entry)) {
            return true;
        }
        int state = ConnectionEntry.syncedState(entry);
        return switch (ConnectionEntry.protocol(entry)) {
            case IpProtocol.TCP -> state == SyncState.TCP_ESTABLISHED;
            case IpProtocol.SCTP -> state == SyncState.SCTP_ESTABLISHED;
            default -> true;
        };
    }

    /** Stafford's variant 13 of the finaliser of MurmurHash3. */
    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
