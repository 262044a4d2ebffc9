package dev.tandem.tools.demo;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.Transport;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.demo.lab.Arbiter;
import dev.tandem.tools.demo.lab.Iperf;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import dev.tandem.tools.demo.lab.Pair;
import dev.tandem.tools.demo.load.EchoServer;
import dev.tandem.tools.demo.load.Load;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A lab with a working pair in it, and echo servers behind. */
final class RunningPair implements AutoCloseable {
    static final int ECHO = 7000;
    static final int HTTP = 8080;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    final Lab lab;
    final Pair pair;
    private final List<EchoServer> servers = new ArrayList<>();

    /** What is done to a lab before the directors start. */
    interface Change {
        void apply(Lab lab) throws IOException;
    }

    private RunningPair(Lab lab, Change change) throws IOException {
        this.lab = lab;
        lab.build();
        change.apply(lab);
        pair = Pair.start(lab);
        for (int number = 1; number <= LabPlan.SERVERS; number++) {
            var bind = new InetSocketAddress(lab.plan().serverBind(number), ECHO);
            servers.add(EchoServer.start(lab.server(number), number, bind));
        }
    }

    static RunningPair start(Forwarding forwarding, boolean offloads)
            throws IOException, InterruptedException {
        return start(forwarding, offloads, _ -> {});
    }

    static RunningPair start(Forwarding forwarding, boolean offloads, Change change)
            throws IOException, InterruptedException {
        return start(forwarding, offloads, Arbiter.NONE, change);
    }

    static RunningPair start(
            Forwarding forwarding, boolean offloads, Arbiter arbiter, Change change)
            throws IOException, InterruptedException {
        var plan =
                new LabPlan(
                        forwarding,
                        offloads,
                        true,
                        Mode.OFF,
                        arbiter,
                        false,
                        List.of(
                                new LabPlan.Service(Transport.TCP, ECHO),
                                new LabPlan.Service(Transport.UDP, ECHO),
                                new LabPlan.Service(Transport.TCP, HTTP),
                                // its connections belong together, so they need one server
                                new LabPlan.Service(Transport.TCP, Iperf.PORT, 1),
                                new LabPlan.Service(Transport.UDP, Iperf.PORT, 1)));
        var lab = new Lab(plan);
        try {
            var running = new RunningPair(lab, change);
            running.pair.awaitReady();
            return running;
        } catch (IOException | InterruptedException | RuntimeException e) {
            lab.close();
            throw e;
        }
    }

    Load load(int connections) throws IOException {
        return Load.start(lab.client(), new InetSocketAddress(LabPlan.VIRTUAL, ECHO), connections);
    }

    /** Waits until something holds; the failure shows both logs. */
    void await(String what, Callable<Boolean> condition) throws Exception {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new AssertionError("never came: " + what + "\n" + pair.logs());
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        servers.forEach(EchoServer::close);
        pair.close();
        lab.close();
    }
}
