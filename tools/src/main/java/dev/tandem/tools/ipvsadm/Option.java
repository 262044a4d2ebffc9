package dev.tandem.tools.ipvsadm;

import org.jspecify.annotations.Nullable;

/**
 * Everything that may stand behind the command, in the order in which ipvsadm looks for what is
 * missing or too much; by the name that its messages use. Null: given twice it does no harm.
 */
enum Option {
    NUMERIC("numeric"),
    CONNECTION("connection"),
    SERVICE("service-address"),
    SCHEDULER("scheduler"),
    PERSISTENT("persistent"),
    NETMASK("netmask"),
    SERVER("real-server"),
    FORWARDING("forwarding-method"),
    WEIGHT("weight"),
    UPPER_THRESHOLD("u-threshold"),
    LOWER_THRESHOLD("l-threshold"),
    MCAST_INTERFACE("mcast-interface"),
    TIMEOUT("timeout"),
    DAEMON("daemon"),
    STATS("stats"),
    RATE("rate"),
    THRESHOLDS("thresholds"),
    PERSISTENT_CONN("persistent-conn"),
    NO_SORT("nosort"),
    SYNC_ID("syncid"),
    EXACT("exact"),
    ONE_PACKET("ops"),
    ENGINE("pe"),
    SCHEDULER_FLAGS("sched-flags"),
    MCAST_GROUP("mcast-group"),
    MCAST_PORT("mcast-port"),
    MCAST_TTL("mcast-ttl"),
    SYNC_MAXLEN("sync-maxlen"),
    TUNNEL_INFO("tun-info"),
    TUNNEL_TYPE("tun-type"),
    TUNNEL_PORT("tun-port"),
    TUNNEL_NO_CHECKSUM("tun-nocsum"),
    TUNNEL_CHECKSUM("tun-csum"),
    TUNNEL_REMOTE_CHECKSUM("tun-remcsum"),
    SORT(null),
    IPV6(null);

    private final @Nullable String word;

    Option(@Nullable String word) {
        this.word = word;
    }

    /** Whether it may be given once only. */
    boolean once() {
        return word != null;
    }

    /** Its name in messages. */
    String word() {
        return String.valueOf(word);
    }
}
