package dev.tandem.director.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The kernel's sysctls that are no {@link Setting}, with the reason: they stand elsewhere, or mean
 * nothing in a balancer outside the kernel.
 */
public enum ForeignSetting {
    BACKUP_ONLY("a director that does not own the addresses forwards nothing, whatever is set"),
    CONN_LFACTOR("the table's index has four slots for each cell, whatever is in it"),
    CONN_MAX("it is 'connections' of the block 'director'"),
    CONNTRACK("packets never pass the kernel's connection tracking"),
    DEBUG_LEVEL("there is no debug build; the log's level is set with the log"),
    EST_CPULIST("rates are estimated by the packet loop's own thread"),
    EST_NICE("rates are estimated by the packet loop's own thread"),
    IGNORE_TUNNELED("packets are taken off the wire once and never meet again after decapsulation"),
    SNAT_REROUTE("replies are always routed by their own destination, as with 1"),
    SVC_LFACTOR("services are found in an index that is built anew for each change"),
    SYNC_PERSIST_MODE("it is 'persist-mode' of the block 'sync'"),
    SYNC_PORTS("it is 'ports' of the block 'sync'"),
    SYNC_QLEN_MAX("it is 'queue' of the block 'sync'"),
    SYNC_REFRESH_PERIOD("it is 'refresh-period' of the block 'sync'"),
    SYNC_RETRIES("it is 'retries' of the block 'sync'"),
    SYNC_SOCK_SIZE("it is 'sock-size' of the block 'sync'"),
    SYNC_THRESHOLD("it is 'threshold' and 'period' of the block 'sync'"),
    SYNC_VERSION("it is 'version' of the block 'sync'");

    private final String reason;

    ForeignSetting(String reason) {
        this.reason = reason;
    }

    /** The sysctl of this name, empty when it is none of these. */
    public static Optional<ForeignSetting> named(String kernelName) {
        return Arrays.stream(values()).filter(s -> s.kernelName().equals(kernelName)).findFirst();
    }

    /** As the kernel calls it. */
    public String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Why it is no setting, for people; no full stop. */
    public String reason() {
        return reason;
    }
}
