package dev.tandem.director.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.Fixture;
import dev.tandem.director.packet.Tcp;
import dev.tandem.director.testing.FaultyWire;
import dev.tandem.director.testing.Packets;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.SyncKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Two directors on a wire that loses, doubles, delays and is cut, under seeded schedules: a second
 * after the disturbance has ended both tables are the same. A failure names its seed.
 */
class ReplicationSimulationTest {
    /** More than a build needs: {@code -Dtandem.test.schedules=5000}. */
    private static final int SCHEDULES = Integer.getInteger("tandem.test.schedules", 400);

    private static final long STEP_NS = 1_000_000;
    private static final int[] PORTS = {80, 443, 53};
    private static final int[] FLAGS = {
        Tcp.ACK, Tcp.ACK, Tcp.ACK, Tcp.ACK, Tcp.FIN | Tcp.ACK, Tcp.RST
    };

    @Test
    void shouldHaveEqualTablesASecondAfterAnyDisturbance() {
        long entries = 0;
        long repaired = 0;
        long lost = 0;
        long rounds = 0;
        for (int seed = 0; seed < SCHEDULES; seed++) {
            Schedule schedule = new Schedule(seed);
            schedule.run();
            entries += schedule.compared;
            repaired += schedule.backup.status().repaired();
            lost += schedule.backup.status().lost();
            rounds += schedule.backup.status().roundsTaken();
        }
        System.out.printf(
                "%d schedules: %d entries compared, %d datagrams repaired, %d given up, %d"
                        + " rounds%n",
                SCHEDULES, entries, repaired, lost, rounds);
        assertTrue(entries > 20L * SCHEDULES, entries + " entries");
        assertTrue(repaired > SCHEDULES, repaired + " repaired");
    }

    private static final class Schedule {
        private final long seed;
        private final SplittableRandom random;
        private final FaultyWire wire;
        private SimulatedDirector master;
        private SimulatedDirector backup;
        private long nowNs = Fixture.START;
        private int nextPort = 1024;
        private int compared;

        Schedule(long seed) {
            this.seed = seed;
            random = new SplittableRandom(seed);
            wire = new FaultyWire(random.split(), 1 << random.nextInt(2));
            SyncPolicy policy =
                    random.nextBoolean() ? SyncPolicy.KERNEL_DEFAULT : new SyncPolicy(0, 1, 0, 0);
            HardeningConfig config =
                    new HardeningConfig(
                            HardeningConfig.Mode.ENFORCE,
                            List.of(
                                    new SyncKey(
                                            1,
                                            "sixteen or more!".getBytes(StandardCharsets.UTF_8))));
            master = new SimulatedDirector(wire.open(), config, policy);
            backup = new SimulatedDirector(wire.open(), config, policy);
        }

        void run() {
            try (SimulatedDirector a = master;
                    SimulatedDirector b = backup) {
                a.take(1, nowNs);
                if (random.nextBoolean()) {
                    work(random.nextInt(300), 3);
                }
                wire.disturb(1 + random.nextInt(30), random.nextInt(31), random.nextInt(31));
                work(300 + random.nextInt(700), 1 + random.nextInt(4));
                if (random.nextInt(3) == 0) {
                    b.take(2, nowNs);
                    a.release();
                    master = b;
                    backup = a;
                    work(100 + random.nextInt(300), 2);
                }
                if (random.nextInt(3) == 0) {
                    wire.cut(true);
                    work(random.nextInt(5000), random.nextInt(3));
                    wire.cut(false);
                }
                wire.disturb(0, 0, 0);
                work(1000, 0);
                compare();
            }
        }

        private void compare() {
            var wanted = master.shared();
            var have = backup.shared();
            compared = wanted.size();
            String why = "seed " + seed + ", " + backup.status() + " of " + master.status();
            assertEquals(wanted, have, why);
            assertEquals(0, backup.status().lagMs(), why);
        }

        private void work(int ms, int packetsPerMs) {
            for (int i = 0; i < ms; i++) {
                nowNs += STEP_NS;
                wire.advance(nowNs);
                for (int j = 0; j < packetsPerMs; j++) {
                    packet();
                }
                master.turn(nowNs);
                backup.turn(nowNs);
            }
        }

        /** A packet of one of the last hundred connections, or of a new one. */
        private void packet() {
            boolean first = nextPort == 1024 || random.nextInt(12) == 0;
            int clientPort =
                    first ? nextPort++ : Math.max(1024, nextPort - 1 - random.nextInt(100));
            int port = PORTS[clientPort % 3];
            int protocol = port == 53 ? Fixture.UDP : Fixture.TCP;
            int flags = first ? Tcp.SYN : FLAGS[random.nextInt(FLAGS.length)];
            long entry =
                    master.connections.findForClient(
                            Packets.ipv4(
                                    protocol,
                                    Fixture.CLIENT,
                                    clientPort,
                                    Fixture.VIRTUAL,
                                    port,
                                    flags));
            if (entry == ConnectionTable.NONE) {
                if (!first) {
                    return;
                }
                entry =
                        master.connections.schedule(
                                Fixture.service(master.services, protocol, port),
                                Packets.ipv4(
                                        Fixture.service(master.services, protocol, port)
                                                .protocol()
                                                .number(),
                                        Fixture.CLIENT,
                                        clientPort,
                                        Fixture.VIRTUAL,
                                        port,
                                        0),
                                nowNs);
            }
            if (!first && port != 443 && random.nextInt(3) == 0) {
                master.connections.serverPacket(entry, Packets.of(flags, 60), nowNs);
            } else {
                master.connections.clientPacket(entry, Packets.of(flags, 60), nowNs);
            }
        }
    }
}
