package dev.tandem.tools.bench.wire;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Transport;
import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.Iperf;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import dev.tandem.tools.demo.lab.Namespace;
import dev.tandem.tools.demo.lab.Pair;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What stands between the client and the first server of a lab. */
enum Forwarder {
    /** The kernel of host a as a plain router: no address is rewritten, no state is kept. */
    ROUTING("plain routing") {
        @Override
        AutoCloseable start(Lab lab) throws IOException {
            route(lab);
            lab.client().ip(List.of("route add 10.77.2.0/24 via " + OUTSIDE));
            return () -> {};
        }

        @Override
        String target(LabPlan plan) {
            return plan.server(1);
        }
    },

    /**
     * The kernel of host a with one nftables rule that rewrites the destination (and conntrack).
     */
    NFTABLES("nftables DNAT") {
        @Override
        AutoCloseable start(Lab lab) throws IOException {
            route(lab);
            Namespace director = lab.director(0);
            director.ip(List.of("address add " + LabPlan.VIRTUAL + "/32 dev outside"));
            Commands.run(director.command("nft", "-f", "-"), rules(lab.plan()));
            return () -> {};
        }

        @Override
        String target(LabPlan plan) {
            return LabPlan.VIRTUAL;
        }
    },

    /** A pair of Tandem directors: NAT, and every connection replicated to the backup. */
    TANDEM("tandem") {
        @Override
        AutoCloseable start(Lab lab) throws IOException, InterruptedException {
            Pair pair = Pair.start(lab);
            try {
                pair.awaitReady();
            } catch (IOException | InterruptedException e) {
                pair.close();
                throw e;
            }
            return pair;
        }

        @Override
        String target(LabPlan plan) {
            return LabPlan.VIRTUAL;
        }
    };

    private static final String OUTSIDE = "10.77.1.2";

    private final String words;

    Forwarder(String words) {
        this.words = words;
    }

    /** Its name in a table. */
    String words() {
        return words;
    }

    /** Starts it; forwards once this returns, until closed. */
    abstract AutoCloseable start(Lab lab) throws IOException, InterruptedException;

    /** Where the client connects to. */
    abstract String target(LabPlan plan);

    /** The lab that all of them forward in: NAT, offloads on, one service on one server. */
    static LabPlan plan() {
        return new LabPlan(
                Forwarding.NAT,
                true,
                true,
                List.of(
                        new LabPlan.Service(Transport.TCP, Iperf.PORT, 1),
                        new LabPlan.Service(Transport.UDP, Iperf.PORT, 1)));
    }

    /** Lets host a forward and be the servers' gateway. */
    private static void route(Lab lab) throws IOException {
        Namespace director = lab.director(0);
        director.sysctl(Map.of("net.ipv4.ip_forward", "1"));
        director.ip(List.of("address add " + LabPlan.GATEWAY + "/32 dev inside"));
    }

    private static String rules(LabPlan plan) {
        return """
        table ip bench {
          chain prerouting {
            type nat hook prerouting priority dstnat;
            ip daddr %s dnat to %s;
          }
        }
        """
                .formatted(LabPlan.VIRTUAL, plan.server(1));
    }
}
