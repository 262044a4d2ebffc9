package dev.tandem.director.control;

import dev.tandem.director.packet.Tcp;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.sync.transport.LoopLink;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A pair of directors in memory that forward, replicate, and hand their addresses to and fro.
 *
 * <p>A backup's packet path has never run when it becomes master, and code that never ran is
 * interpreted: hundreds of connections then wait tens of milliseconds for the compiler. So a
 * director rehearses when it starts.
 *
 * <p>What the rehearsal has not shown, the compiler believes never to happen, and throws its code
 * away when it does. So the rehearsal has traffic of every common kind, connections that came by
 * replication, handovers, and ports and next hops of three classes each: of two the compiler would
 * make a special case, and the real ones would be the third.
 *
 * <p>One thread, and not the worker: it shares nothing with the director but the code.
 */
final class Rehearsal implements AutoCloseable {
    /** Enough for the compiler's last tier to find hot what it inlines. */
    private static final int ROUNDS = 400;

    private static final int ROUNDS_OF_A_MASTER = 4;

    /**
     * Rest after a round: the compiler is to have the processor, and what it makes is to be used.
     */
    private static final long REST_NS = 1_000_000;

    private static final int KEY_BYTES = 32;
    private static final int DRAIN_MS = 200;
    private static final int TURNS_TO_SETTLE = 40;

    private MemoryDirector master;
    private MemoryDirector backup;
    private long epoch = 1;

    Rehearsal(int variant) {
        var wire = new LoopLink.Pair();
        // signs as a master does; whoever wants no signatures needs less than what is rehearsed
        var hardening =
                new HardeningConfig(
                        HardeningConfig.Mode.ENFORCE, List.of(new SyncKey(1, new byte[KEY_BYTES])));
        master = new MemoryDirector(variant, wire.one(), hardening);
        backup = new MemoryDirector(variant, wire.other(), hardening);
        master.own(epoch);
        settle();
        master.open();
    }

    /** Runs all of the path often enough that it is compiled. Takes about a second. */
    static void warmUp() {
        List<Rehearsal> rehearsals =
                IntStream.range(0, RehearsalNetwork.VARIANTS).mapToObj(Rehearsal::new).toList();
        for (int round = 0; round < ROUNDS; round++) {
            for (Rehearsal rehearsal : rehearsals) {
                rehearsal.perform(round);
            }
            LockSupport.parkNanos(REST_NS);
        }
        rehearsals.forEach(Rehearsal::close);
    }

    void perform(int round) {
        RehearsalNetwork network = master.network();
        dress(network, round);
        master.turn(network.natRequest, master.outside());
        master.turn(network.natReply, master.natSide());
        master.turn(network.drRequest, master.outside());
        master.turn(network.udpRequest, master.outside());
        master.turn(network.udpReply, master.natSide());
        comeAndGo(network, 1 + round);
        backup.work();
        if (round % ROUNDS_OF_A_MASTER == 0) {
            handOver();
        }
    }

    private static void dress(RehearsalNetwork network, int round) {
        long[] frames = {
            network.natRequest,
            network.natReply,
            network.drRequest,
            network.udpRequest,
            network.udpReply
        };
        for (long frame : frames) {
            RehearsalNetwork.dress(frame, round % 2 == 0, round % 3 == 0);
        }
    }

    /** A connection's whole life; its entry expires in one of the turns to come. */
    private void comeAndGo(RehearsalNetwork network, int clientPort) {
        network.newcomer(clientPort);
        request(network, Tcp.SYN);
        reply(network, Tcp.SYN | Tcp.ACK);
        for (int i = 0; i < 3; i++) {
            request(network, Tcp.ACK);
            reply(network, Tcp.ACK);
        }
        if (clientPort % 3 == 0) {
            request(network, Tcp.RST);
        } else {
            reply(network, Tcp.FIN | Tcp.ACK);
            request(network, Tcp.FIN | Tcp.ACK);
            reply(network, Tcp.ACK);
        }
    }

    private void request(RehearsalNetwork network, int tcpFlags) {
        master.segment(network.newcomerRequest, tcpFlags, master.outside());
    }

    private void reply(RehearsalNetwork network, int tcpFlags) {
        master.segment(network.newcomerReply, tcpFlags, master.natSide());
    }

    /** As by command: what comes late goes on through the old master, which is drained. */
    private void handOver() {
        master.release(DRAIN_MS);
        backup.own(++epoch);
        RehearsalNetwork network = master.network();
        master.turn(network.natRequest, master.outside());
        MemoryDirector old = master;
        master = backup;
        backup = old;
        settle();
    }

    /** The new backup learns to believe the new master. */
    private void settle() {
        for (int i = 0; i < TURNS_TO_SETTLE; i++) {
            master.work();
            backup.work();
        }
    }

    /** The one of the moment. */
    MemoryDirector master() {
        return master;
    }

    @Override
    public void close() {
        master.close();
        backup.close();
    }
}
