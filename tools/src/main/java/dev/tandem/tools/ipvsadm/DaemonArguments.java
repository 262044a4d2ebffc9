package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.Ipvs;
import java.util.Optional;

/** What the options say about the sync daemon. */
final class DaemonArguments {
    private static final String DEFAULT_INTERFACE = "eth0";
    private static final int MAX_INTERFACE = 15;
    private static final int MAX_SYNC_ID = 255;
    private static final int MAX_DATAGRAM = 65507;
    private static final int MAX_PORT = 65535;
    private static final int MAX_TTL = 255;

    private String role = "";
    private String interfaceName = "";
    private int syncId;
    private int maxLength;
    private String group = "";
    private int port;
    private int ttl;

    /** Master or backup. */
    void role(Command command, String value) throws Failure {
        if (!value.equals("master") && !value.equals("backup")) {
            throw Failure.usage(
                    command == Command.START_DAEMON
                            ? "illegal start-daemon parameter specified"
                            : "illegal start_daemon specified");
        }
        role = value;
    }

    void say(Option option, String value) throws Failure {
        switch (option) {
            case MCAST_INTERFACE -> interfaceName = Text.cut(value, MAX_INTERFACE);
            case MCAST_GROUP -> group = group(value);
            case MCAST_PORT -> port = number(value, 1, MAX_PORT, "mcast-port");
            case MCAST_TTL -> ttl = number(value, 1, MAX_TTL, "mcast-ttl");
            case SYNC_MAXLEN -> maxLength = number(value, 1, MAX_DATAGRAM, "sync-maxlen");
            default -> syncId = number(value, 0, MAX_SYNC_ID, "syncid");
        }
    }

    /**
     * The daemon.
     *
     * @param start whether it is started, and needs an interface
     */
    Ipvs.SyncDaemon daemon(boolean start) {
        return new Ipvs.SyncDaemon(
                role,
                start && interfaceName.isEmpty() ? DEFAULT_INTERFACE : interfaceName,
                syncId,
                maxLength,
                group,
                port,
                ttl);
    }

    private static int number(String value, int min, int max, String name) throws Failure {
        return Numbers.read(value, min, max)
                .orElseThrow(() -> Failure.usage("illegal %s specified".formatted(name)));
    }

    private static String group(String value) throws Failure {
        if (value.indexOf(':') >= 0) {
            Optional<byte[]> ipv6 = Inet.pton6(value);
            if (ipv6.isEmpty() || ipv6.get()[0] != (byte) 0xFF) {
                throw Failure.usage("invalid IPv6 mcast-group `%s'".formatted(value));
            }
            return Inet.text(ipv6.get());
        }
        if (!Inet.pton4(value) || (Inet.bytes(value)[0] & 0xF0) != 0xE0) {
            throw Failure.usage("invalid IPv4 mcast-group `%s'".formatted(value));
        }
        return value;
    }
}
