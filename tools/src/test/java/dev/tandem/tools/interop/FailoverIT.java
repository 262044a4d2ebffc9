package dev.tandem.tools.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.tools.demo.load.EchoServer;
import dev.tandem.tools.demo.load.Load;
import dev.tandem.tools.demo.load.LoadResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Live TCP connections, whose every byte is verified at both ends, move from a kernel to Tandem and
 * from Tandem to a kernel.
 */
@Tag("interop")
@ExtendWith(InteropExtension.class)
class FailoverIT {
    private static final int NAT = 7000;
    private static final int DIRECT = 7001;
    private static final int CONNECTIONS = 25;
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private KernelDirector kernel;
    private TandemDirector tandem;

    @BeforeEach
    void startServersAndDirectors(Interop interop) throws Exception {
        for (int number = 1; number <= Plan.SERVERS; number++) {
            var host = interop.segments().server(number);
            interop.keep(
                    EchoServer.start(
                            host, number, new InetSocketAddress(Plan.server(number), NAT)));
            interop.keep(
                    EchoServer.start(
                            host, number, new InetSocketAddress(Plan.VIRTUAL.getFirst(), DIRECT)));
        }
        kernel = interop.a();
        var rules = new ArrayList<String>();
        rules.addAll(Rules.service("-t", NAT, "-s rr", "-m"));
        rules.addAll(Rules.service("-u", NAT, "-s rr", "-m"));
        rules.addAll(Rules.service("-t", DIRECT, "-s rr", "-g"));
        rules.addAll(Rules.service("-u", DIRECT, "-s rr", "-g"));
        kernel.services(rules);
        tandem =
                TandemDirector.start(
                        interop,
                        3,
                        new TandemFile()
                                .sync("syncid: " + Plan.SYNC_ID)
                                .service("tcp", NAT, "nat")
                                .service("udp", NAT, "nat")
                                .service("tcp", DIRECT, "dr")
                                .service("udp", DIRECT, "dr"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0})
    void shouldKeepThemFromKernelToTandem(int version, Interop interop) throws Exception {
        kernel.sysctl("sync_version=" + version);
        kernel.takeAddresses();
        kernel.startMaster();

        List<LoadResult> results =
                move(
                        interop,
                        () -> established(tandem.table()),
                        () -> {
                            kernel.releaseAddresses();
                            tandem.takeAddresses();
                        });

        results.forEach(FailoverIT::allKept);
    }

    @Test
    void shouldKeepThemFromTandemToKernel(Interop interop) throws Exception {
        kernel.startBackup();
        tandem.takeAddresses();

        List<LoadResult> results =
                move(
                        interop,
                        () -> established(kernel.table()),
                        () -> {
                            tandem.releaseAddresses();
                            kernel.takeAddresses();
                        });

        results.forEach(FailoverIT::allKept);
    }

    /** The control run: whoever does not hear of connections cannot go on with them. */
    @Test
    void shouldLoseThemWithoutReplication(Interop interop) throws Exception {
        kernel.takeAddresses();

        List<LoadResult> results =
                move(
                        interop,
                        () -> 2 * CONNECTIONS,
                        () -> {
                            kernel.releaseAddresses();
                            tandem.takeAddresses();
                        });

        for (LoadResult result : results) {
            assertEquals(0, result.kept(), result::toString);
        }
    }

    /** Something that moves the addresses. */
    private interface Move {
        void run() throws Exception;
    }

    /** Two loads run, the other director knows them, the addresses move, the loads end. */
    private static List<LoadResult> move(Interop interop, Callable<Integer> known, Move move)
            throws Exception {
        var loads = new ArrayList<Load>();
        for (int port : new int[] {NAT, DIRECT}) {
            loads.add(interop.keep(load(interop, port)));
        }
        for (Load load : loads) {
            Await.that("traffic", PATIENCE, () -> load.progress().leastAnswered() >= 10);
        }
        Await.that("replication", PATIENCE, () -> known.call() >= 2 * CONNECTIONS);
        move.run();
        // only what is answered from here on shows that a connection goes on
        loads.forEach(load -> load.fault(System.nanoTime()));
        Await.quietly(
                Duration.ofSeconds(5),
                () -> loads.stream().allMatch(load -> load.progress().back() == CONNECTIONS));
        var results = new ArrayList<LoadResult>();
        for (Load load : loads) {
            results.add(load.finish(DRAIN));
        }
        return results;
    }

    private static Load load(Interop interop, int port) throws IOException {
        return Load.start(
                interop.segments().client(),
                new InetSocketAddress(Plan.VIRTUAL.getFirst(), port),
                CONNECTIONS);
    }

    private static int established(List<TableRow> table) {
        return (int) table.stream().filter(row -> row.state().equals("ESTABLISHED")).count();
    }

    private static void allKept(LoadResult result) {
        assertEquals(CONNECTIONS, result.kept(), result::toString);
        assertEquals(0, result.corrupt(), result::toString);
        assertEquals(Plan.SERVERS, result.byServer().size(), result::toString);
    }
}
