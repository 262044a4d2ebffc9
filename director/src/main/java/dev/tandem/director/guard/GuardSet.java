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
    WHOLE_SERVERS6(Kind.WHOLE_SERVERS, true);

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
        WHOLE_SERVERS(" . inet_proto", "saddr . meta l4proto");

        private final String typeRest;
        private final String selector;

        Kind(String typeRest, String selector) {
            this.typeRest = typeRest;
            this.selector = selector;
        }

        boolean isServers() {
            return this == SERVERS || this == WHOLE_SERVERS;
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
        return (ipv6 ? "ip6 " : "ip ") + kind.selector + " @" + nftName();
    }
}
