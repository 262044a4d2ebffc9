package dev.tandem.director.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What can be set while a director runs: the kernel's {@code net.ipv4.vs} sysctls that mean
 * something here, under their names and with their defaults; its timeouts; and what is ours. The
 * constant's name in small letters is the {@link #kernelName}.
 *
 * <p>Sources: net/netfilter/ipvs/ip_vs_ctl.c (vs_vars and the defaults beside it), ipvs-sysctl.rst;
 * ip_vs_proto_tcp.c, ip_vs_proto_udp.c and ip_vs_proto_sctp.c for the timeouts, whose names are
 * those that Linux 2.4 gave them ({@code timeout_established} and so on), for later kernels have
 * them without a name.
 */
public enum Setting {
    /** Only this one is not the kernel's in its measure: there it is pages of the host's memory. */
    AMEMTHRESH(
            1024,
            Integer.MAX_VALUE,
            "memory is low when fewer pages (64 cells of the connection table each) are free"),
    AM_DROPRATE(10, Integer.MAX_VALUE, "drop_packet 3 drops one new connection in so many"),
    CACHE_BYPASS(
            0, 1, "what a firewall mark's service has no server for goes to where it was sent to"),
    CONN_REUSE_MODE(
            1,
            3,
            "a client port used again: 1 reschedules connections that are over, 2 also half-closed"
                    + " ones whose replies pass elsewhere, 0 none"),
    DROP_ENTRY(0, 3, "forget half-open and idle connections: 1 when memory is low, 3 always"),
    DROP_PACKET(0, 3, "drop some new connections: 1 when memory is low, 3 always"),
    SECURE_TCP(0, 3, "the TCP states hardened against SYN floods: 1 when memory is low, 3 always"),
    EXPIRE_NODEST_CONN(
            0, 1, "connections of a removed server end; their next packet is scheduled anew"),
    EXPIRE_QUIESCENT_TEMPLATE(0, 1, "persistence does not hold to a server of weight 0"),
    LBLC_EXPIRATION(86_400, Integer.MAX_VALUE, "seconds until lblc forgets an unused destination"),
    LBLCR_EXPIRATION(86_400, Integer.MAX_VALUE, "seconds until lblcr forgets an unused set"),
    NAT_ICMP_SEND(
            0, 1, "a NAT server whose packets belong to no connection is told port unreachable"),
    PMTU_DISC(1, 1, "tunnels take part in path MTU discovery"),
    RUN_ESTIMATION(1, 1, "rates are estimated"),
    SCHEDULE_ICMP(0, 1, "an ICMP error about no known connection is scheduled like a packet"),
    SLOPPY_TCP(0, 1, "any TCP segment but a reset may open a connection"),
    SLOPPY_SCTP(0, 1, "any SCTP packet but an ABORT may open an association"),

    /** Not the kernel's. */
    NODEST_RESET(0, 1, "a TCP client whose server was removed gets a reset"),

    /** Not the kernel's. */
    NODEST_DRAIN(0, 1, "connections of a removed server go on to it until they end by themselves"),

    TIMEOUT_NONE(2),
    TIMEOUT_ESTABLISHED(900),
    TIMEOUT_SYNSENT(120),
    TIMEOUT_SYNRECV(60),
    TIMEOUT_FINWAIT(120),
    TIMEOUT_TIMEWAIT(120),
    TIMEOUT_CLOSE(10),
    TIMEOUT_CLOSEWAIT(60),
    TIMEOUT_LASTACK(30),
    TIMEOUT_LISTEN(120),
    TIMEOUT_SYNACK(120),

    TIMEOUT_UDP(300),

    TIMEOUT_SCTP_NONE(2),
    TIMEOUT_SCTP_INIT1(4),
    TIMEOUT_SCTP_INIT(61),
    TIMEOUT_SCTP_COOKIE_SENT(61),
    TIMEOUT_SCTP_COOKIE_REPLIED(61),
    TIMEOUT_SCTP_COOKIE_WAIT(61),
    TIMEOUT_SCTP_COOKIE(61),
    TIMEOUT_SCTP_COOKIE_ECHOED(61),
    TIMEOUT_SCTP_ESTABLISHED(900),
    TIMEOUT_SCTP_SHUTDOWN_SENT(61),
    TIMEOUT_SCTP_SHUTDOWN_RECEIVED(61),
    TIMEOUT_SCTP_SHUTDOWN_ACK_SENT(61),
    TIMEOUT_SCTP_REJECTED(4),
    TIMEOUT_SCTP_CLOSED(61);

    /** The longest timeout in seconds: 2^31 - 1 ticks of a kernel with 250 a second. */
    public static final int MAX_TIMEOUT_SECONDS = 8_589_934;

    private final int byDefault;
    private final int min;
    private final int max;
    private final String meaning;

    Setting(int byDefault, int max, String meaning) {
        this.byDefault = byDefault;
        this.min = 0;
        this.max = max;
        this.meaning = meaning;
    }

    Setting(int timeoutSeconds) {
        this.byDefault = timeoutSeconds;
        this.min = 1;
        this.max = MAX_TIMEOUT_SECONDS;
        this.meaning = "seconds without a packet in this state";
    }

    /** As the kernel, the configuration and the commands call it. */
    public String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The setting of this name, empty when there is none. */
    public static Optional<Setting> named(String kernelName) {
        return Arrays.stream(values()).filter(s -> s.kernelName().equals(kernelName)).findFirst();
    }

    public int byDefault() {
        return byDefault;
    }

    /** The least permitted value. */
    public int min() {
        return min;
    }

    /** The greatest permitted value. */
    public int max() {
        return max;
    }

    /** What it does, for people; no full stop. */
    public String meaning() {
        return meaning;
    }

    /** Place in {@link DirectorSettings}; never leaves the process. */
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }
}
