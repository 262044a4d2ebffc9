package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.Ipvs;
import java.util.Locale;

/** What the options say about a virtual service. */
final class ServiceArguments {
    private static final String DEFAULT_SCHEDULER = "wlc";
    private static final int DEFAULT_PERSISTENCE = 360;
    private static final int MAX_SCHEDULER = 15;
    private static final int MAX_ENGINE = 16;
    private static final int PREFIX_BITS = 128;

    private final Names names;
    private String protocol = "";
    private String address = "";
    private int port;
    private long mark;
    private boolean ipv6;
    private String scheduler = "";
    private int flags;
    private int timeout;
    private String netmask = Netmask.NONE;
    private String engine = "";
    private String schedulerFlags = "";

    ServiceArguments(Names names) {
        this.names = names;
    }

    /**
     * Says which one.
     *
     * @param kind the protocol, empty for a firewall mark
     */
    void name(String kind, String value) throws Failure {
        if (kind.isEmpty()) {
            mark =
                    Numbers.readLong(value, 1, 0xFFFF_FFFFL)
                            .orElseThrow(() ->
                                    Failure.usage(
                                            "invalid fwmark value `%s' specified"
                                                    .formatted(value)));
            return;
        }
        protocol = kind;
        AddressArgument argument =
                AddressArgument.parse(value, kind.toLowerCase(Locale.ROOT), names)
                        .orElseThrow(() ->
                                Failure.usage("illegal virtual server address[:port] specified"));
        address = argument.address();
        port = argument.port().orElse(0);
        ipv6 = argument.ipv6();
        if (ipv6) {
            netmask = Netmask.NONE6;
        }
    }

    /** The mark's service is for IPv6. */
    void ipv6() throws Failure {
        if (mark == 0) {
            throw Failure.usage("-6 used before -f\n");
        }
        ipv6 = true;
        netmask = Netmask.NONE6;
    }

    void scheduler(String value) {
        scheduler = Text.cut(value, MAX_SCHEDULER);
    }

    /**
     * Says that it is persistent.
     *
     * @param seconds 0 for the default
     */
    void persistent(int seconds) {
        flags |= Ipvs.PERSISTENT;
        timeout = seconds == 0 ? DEFAULT_PERSISTENCE : seconds;
    }

    /** By the family that is known so far. */
    void netmask(String value) throws Failure {
        if (!ipv6) {
            netmask =
                    AddressArgument.host(value, names)
                            .filter(mask -> mask.indexOf(':') < 0)
                            .orElseThrow(() ->
                                    Failure.usage(
                                            "illegal virtual server persistent mask specified"));
            return;
        }
        int length = Numbers.leading(value);
        if (length < 1 || length > PREFIX_BITS) {
            throw Failure.usage("illegal ipv6 netmask specified");
        }
        netmask = Integer.toString(length);
    }

    void onePacket() {
        flags |= Ipvs.ONE_PACKET;
    }

    void engine(String value) {
        engine = Text.cut(value, MAX_ENGINE);
    }

    /** They are read when the scheduler is known. */
    void schedulerFlags(String value) {
        schedulerFlags = value;
    }

    /** Makes something of the scheduler's flags. */
    void readFlags() throws Failure {
        for (String flag : schedulerFlags.split(",", -1)) {
            if (!flag.isEmpty()) {
                flags |= SchedulerFlags.read(flag, scheduler);
            }
        }
    }

    /** Whose names of ports count, lower case; empty when no service was said yet. */
    String protocol() {
        return mark == 0 ? protocol.toLowerCase(Locale.ROOT) : "tcp";
    }

    /** 0 when none was said yet. */
    int port() {
        return port;
    }

    Ipvs.ServiceId id() {
        return mark == 0
                ? new Ipvs.ServiceId(protocol, address, port, 0, ipv6)
                : new Ipvs.ServiceId("", "", 0, mark, ipv6);
    }

    /** For a service that is added or edited. */
    Ipvs.ServiceSettings settings() throws Failure {
        if (mark == 0 && port == 0 && (flags & Ipvs.PERSISTENT) == 0) {
            throw Failure.usage("Zero port specified for non-persistent service");
        }
        if ((flags & Ipvs.ONE_PACKET) != 0 && mark == 0 && !protocol.equals("UDP")) {
            throw Failure.usage("One-Packet Scheduling is only for UDP virtual services");
        }
        return new Ipvs.ServiceSettings(
                scheduler.isEmpty() ? DEFAULT_SCHEDULER : scheduler,
                flags,
                timeout,
                netmask,
                engine);
    }
}
