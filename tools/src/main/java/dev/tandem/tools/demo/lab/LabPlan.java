package dev.tandem.tools.demo.lab;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Transport;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import java.util.List;

/**
 * What lab is wanted, and the addresses every lab has.
 *
 * <pre>
 *   client .10 ──┐ outside 10.77.1.0/24        inside 10.77.2.0/24 ┌── s1 .11
 *                ├──────────┬── a .2 ── ── ── ── a .2 ──┬──────────┼── s2 .12
 *   VIP .100     ┘          └── b .3 ── ── ── ── b .3 ──┘          └── s3 .13
 *                               a .1 ═══ link 10.77.3.0/24 ═══ b .2     gateway .100
 *                                                 w .3, the witness
 * </pre>
 *
 * <p>For direct routing there is no inside: the servers have their legs outside, with the numbers
 * they have inside otherwise, and the virtual address on their loopback.
 *
 * @param forwarding how the directors reach the servers
 * @param offloads whether the interfaces keep segmentation offload and partial checksums, as
 *     virtual machines and containers have them
 * @param sync whether the directors replicate connections
 * @param hardening what is asked of sync messages; with any but off the lab has a key
 * @param arbiter who decides between the directors
 * @param preempt whether a, which has the higher priority, takes the addresses back when it can
 * @param services what the pair offers on its address
 */
public record LabPlan(
        Forwarding forwarding,
        boolean offloads,
        boolean sync,
        Mode hardening,
        Arbiter arbiter,
        boolean preempt,
        List<Service> services) {
    public static final String CLIENT = "10.77.1.10";

    /** The pair's address, which clients know. */
    public static final String VIRTUAL = "10.77.1.100";

    /** The pair's address inside, which servers have as their gateway. */
    public static final String GATEWAY = "10.77.2.100";

    /** The witness's address on the link. */
    static final String WITNESS = "10.77.3.3";

    public static final int SERVERS = 3;

    /**
     * A service, at the same port on the virtual address and on its servers.
     *
     * @param servers how many servers it has, the first so many of the lab's
     */
    public record Service(Transport protocol, int port, int servers) {
        /** One that all servers offer. */
        public Service(Transport protocol, int port) {
            this(protocol, port, SERVERS);
        }
    }

    public LabPlan {
        services = List.copyOf(services);
    }

    /** Without hardening: messages as the kernel's; without an arbiter or preemption. */
    public LabPlan(Forwarding forwarding, boolean offloads, boolean sync, List<Service> services) {
        this(forwarding, offloads, sync, Mode.OFF, Arbiter.NONE, false, services);
    }

    /** Whether there is a third node, which votes. */
    boolean witness() {
        return arbiter == Arbiter.WITNESS;
    }

    /** Whether the directors sign their sync messages. */
    boolean signs() {
        return sync && hardening != Mode.OFF;
    }

    /** Address of the leg over which a server is reached by the directors; number from 1. */
    public String server(int number) {
        return (forwarding == Forwarding.NAT ? "10.77.2.1" : "10.77.1.1") + number;
    }

    /** Address to which a server binds so that its datagrams leave with the right source. */
    public String serverBind(int number) {
        return forwarding == Forwarding.NAT ? server(number) : VIRTUAL;
    }
}
