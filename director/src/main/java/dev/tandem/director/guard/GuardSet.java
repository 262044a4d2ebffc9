package dev.tandem.director.guard;

import java.util.Locale;

/** A set of the guard's table, for one address family. */
enum GuardSet {
    ADDRESSES4(Kind.ADDRESSES, false),
    ADDRESSES6(Kind.ADDRESSES, true),
    SERVICES4(Kind.SERVICES, false),
    SERVICES6(Kind.SERVICES, true),
    WHOLE_SERVICES4(Kind.WHOLE_SERVICES, false),
    WHOLE_SERVICES6(Kind.WHOLE_SERVICES, true),
    SERVERS4(Kind.SERVERS, false),
    SERVERS6(Kind.SERVERS, true),
    WHOLE_SERVERS4(Kind.WHOLE_SERVERS, false),
    WHOLE_SERVERS6(Kind.WHOLE_SERVERS, true),
    DATA_SERVERS4(Kind.DATA_SERVERS, false),
    DATA_SERVERS6(Kind.DATA_SERVERS, true),
    DATA_ADDRESSES4(Kind.DATA_ADDRESSES, false),
    DATA_ADDRESSES6(Kind.DATA_ADDRESSES, true);

    /** What the elements are, and which packets they stand for. */
    enum Kind {
        /** Addresses: everything that goes there. */
        ADDRESSES("", "daddr"),
        /** Address, protocol, port: what goes there. */
        SERVICES(" . inet_proto . inet_service", "daddr . meta l4proto . th dport"),
        /** Address, protocol: what goes there, whatever the port. */
        WHOLE_SERVICES(" . inet_proto", "daddr . meta l4proto"),
        /** Address, protocol, port: what comes from there. */
        SERVERS(" . inet_proto . inet_service", "saddr . meta l4proto . th sport"),
        /** Address, protocol: what comes from there, whatever the port. */
        WHOLE_SERVERS(" . inet_proto", "saddr . meta l4proto"),
        /** Addresses of FTP servers: their ends of data connections, on whatever port. */
        DATA_SERVERS("", "saddr", " tcp flags & (syn | ack) != syn"),
        /** Addresses of FTP services that the host holds: its refusals of data connections. */
        DATA_ADDRESSES("", "saddr");

        private final String typeRest;
        private final String selector;
        private final String condition;

        Kind(String typeRest, String selector) {
            this(typeRest, selector, "");
        }

        Kind(String typeRest, String selector, String condition) {
            this.typeRest = typeRest;
            this.selector = selector;
            this.condition = condition;
        }

        /** Whether its packets are requests, which the host need not have seen to know. */
        boolean isRequests() {
            return this == ADDRESSES || this == SERVICES || this == WHOLE_SERVICES;
        }

        /** Whether its packets come from servers. */
        boolean isServers() {
            return this == SERVERS || this == WHOLE_SERVERS || this == DATA_SERVERS;
        }
    }

    private final Kind kind;
    private final boolean ipv6;

    GuardSet(Kind kind, boolean ipv6) {
        this.kind = kind;
        this.ipv6 = ipv6;
    }

    static GuardSet of(Kind kind, boolean ipv6) {
        for (GuardSet set : values()) {
            if (set.kind == kind && set.ipv6 == ipv6) {
                return set;
            }
        }
        throw new AssertionError(kind);
    }

    Kind kind() {
        return kind;
    }

    /** Its name in the table. */
    String nftName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of its elements, as nft says it. */
    String type() {
        return (ipv6 ? "ipv6_addr" : "ipv4_addr") + kind.typeRest;
    }

    /** The expression that finds a packet in it. */
    String match() {
        return (ipv6 ? "ip6 " : "ip ") + kind.selector + " @" + nftName() + kind.condition;
    }
}
