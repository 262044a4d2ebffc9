package dev.tandem.director.app;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.EntryAddresses6;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions by connection; when there are too many, the one that was unused the longest goes. */
final class FtpSessions {
    static final int LIMIT = 16_384;

    private final Map<Key, FtpSession> sessions =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, FtpSession> eldest) {
                    return size() > LIMIT;
                }
            };

    private final Key probe = new Key();

    /** What tells connections apart on the client's side. */
    private static final class Key {
        private long clientHigh;
        private long clientLow;
        private long virtualHigh;
        private long virtualLow;
        private int ports;

        Key() {}

        Key(Key other) {
            clientHigh = other.clientHigh;
            clientLow = other.clientLow;
            virtualHigh = other.virtualHigh;
            virtualLow = other.virtualLow;
            ports = other.ports;
        }

        Key of(long entry) {
            boolean ipv6 = ConnectionEntry.isIpv6(entry);
            clientHigh = ipv6 ? EntryAddresses6.clientHigh(entry) : 0;
            clientLow =
                    ipv6
                            ? EntryAddresses6.clientLow(entry)
                            : Integer.toUnsignedLong(ConnectionEntry.clientAddress(entry));
            virtualHigh = ipv6 ? EntryAddresses6.virtualHigh(entry) : 0;
            virtualLow =
                    ipv6
                            ? EntryAddresses6.virtualLow(entry)
                            : Integer.toUnsignedLong(ConnectionEntry.virtualAddress(entry));
            ports = ConnectionEntry.clientPort(entry) << 16 | ConnectionEntry.virtualPort(entry);
            return this;
        }

        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof Key other
                    && clientHigh == other.clientHigh
                    && clientLow == other.clientLow
                    && virtualHigh == other.virtualHigh
                    && virtualLow == other.virtualLow
                    && ports == other.ports;
        }

        @Override
        public int hashCode() {
            long mixed = (clientHigh ^ virtualHigh) * 31 + (clientLow ^ virtualLow << 32);
            return Long.hashCode((mixed ^ ports) * 0x9E3779B97F4A7C15L);
        }
    }

    /** The connection's session, or null. */
    @Nullable FtpSession find(long entry) {
        return sessions.isEmpty() ? null : sessions.get(probe.of(entry));
    }

    /** The connection's session, made if there is none. */
    FtpSession get(long entry) {
        FtpSession session = find(entry);
        if (session == null) {
            session = new FtpSession();
            sessions.put(new Key(probe.of(entry)), session);
        }
        return session;
    }

    void remove(long entry) {
        if (!sessions.isEmpty()) {
            sessions.remove(probe.of(entry));
        }
    }

    int size() {
        return sessions.size();
    }
}
