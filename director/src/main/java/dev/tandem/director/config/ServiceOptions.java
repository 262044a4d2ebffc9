package dev.tandem.director.config;

/**
 * What can be edited of a virtual service. Codes are those of the kernel (uapi/linux/ip_vs.h).
 *
 * @param scheduler name of the scheduler, or {@link #NO_SCHEDULER}
 * @param schedulerFlags {@link #FLAG_1}, {@link #FLAG_2}, {@link #FLAG_3}: what they mean is the
 *     scheduler's
 * @param persistenceSeconds 0: not persistent; else how long a client stays with its server, 1 to
 *     2678400
 * @param netmask which clients are one to persistence; IPv4: the mask, as given; IPv6: the prefix
 *     length, 1 to 128
 * @param engine name of the persistence engine, or empty
 * @param onePacket every UDP packet is scheduled by itself
 */
public record ServiceOptions(
        String scheduler,
        int schedulerFlags,
        int persistenceSeconds,
        int netmask,
        String engine,
        boolean onePacket) {
    /** IP_VS_SVC_F_SCHED1: sh-fallback, mh-fallback. */
    public static final int FLAG_1 = 0x08;

    /** IP_VS_SVC_F_SCHED2: sh-port, mh-port. */
    public static final int FLAG_2 = 0x10;

    /** IP_VS_SVC_F_SCHED3. */
    public static final int FLAG_3 = 0x20;

    /** A service that schedules nothing; connections that it has go on. */
    public static final String NO_SCHEDULER = "none";

    /** Every IPv4 client by itself. */
    public static final int HOST_MASK = -1;

    /** Every IPv6 client by itself. */
    public static final int HOST_PREFIX = 128;

    /** Nothing but a scheduler. */
    public static ServiceOptions of(String scheduler, boolean ipv6) {
        return new ServiceOptions(scheduler, 0, 0, ipv6 ? HOST_PREFIX : HOST_MASK, "", false);
    }

    public boolean isPersistent() {
        return persistenceSeconds != 0;
    }
}
