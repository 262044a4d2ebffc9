package dev.tandem.failover.core;

import static dev.tandem.failover.simulation.SimulatedWorld.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.tandem.failover.simulation.Arbiter;
import dev.tandem.failover.simulation.Schedule;
import dev.tandem.failover.simulation.SimulatedNode;
import dev.tandem.failover.simulation.SimulatedWorld;
import dev.tandem.failover.simulation.SimulatedWorld.CoreMaker;
import dev.tandem.failover.simulation.Violation;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/**
 * The production state machine under thousands of seeded schedules of faults. A failure names its
 * seed, and the seed replays it.
 */
class FailoverSimulationTest {
    private static final int SCHEDULES = Integer.getInteger("tandem.test.schedules", 300);

    /** A planted fault shows itself in one of so many. */
    private static final int SEARCHED = 2_000;

    private static final CoreMaker PRODUCTION = settings -> new FailoverMachine(settings)::step;

    private final Map<State, Set<State>> transitions = new EnumMap<>(State.class);

    @Test
    void shouldKeepItsPromisesWhenAnythingFails() {
        forEachSeed(seed -> chaos(seed, PRODUCTION, true, 2));
        forEachSeed(seed -> chaos(seed, PRODUCTION, true, witnessed(2, seed % 3 == 0)));
        for (long seed = SCHEDULES + 1L; seed <= SEARCHED && !allSeen(); seed++) { // the rarest
            chaos(seed, PRODUCTION, true, 2);
            chaos(seed, PRODUCTION, true, witnessed(2, seed % 3 == 0));
        }
        assertEquals(FailoverMachineTest.permitted(), transitions);
    }

    private boolean allSeen() {
        return FailoverMachineTest.permitted().equals(transitions);
    }

    @Test
    void shouldNeverHaveTwoOwnersWhenTheNetworkIsSound() {
        forEachSeed(seed -> chaos(seed, PRODUCTION, false, 2));
    }

    @Test
    void shouldKeepItsPromisesWhenThereAreThreeNodes() {
        forEachSeed(seed -> chaos(seed, PRODUCTION, true, 3));
    }

    @Test
    void shouldNeverHaveTwoOwnersWithAWitness() {
        forEachSeed(seed -> chaos(-seed, PRODUCTION, true, witnessed(2, seed % 3 == 0)));
    }

    @Test
    void shouldNeverHaveTwoOwnersAmongThreeDirectorsWithAWitness() {
        forEachSeed(seed -> chaos(seed, PRODUCTION, true, witnessed(3, seed % 3 == 0)));
    }

    @Test
    void shouldNeverHaveTwoOwnersWhenAPartIsCutOffWithoutTheGateway() {
        forEachSeed(seed -> chaos(seed, PRODUCTION, false, gatewayed(2, seed % 3 == 0)));
        forEachSeed(seed -> chaos(-seed, PRODUCTION, false, gatewayed(3, seed % 3 == 0)));
    }

    @Test
    void shouldKeepItsPromisesWithAGatewayWhenAnythingFails() {
        forEachSeed(seed -> chaos(seed, PRODUCTION, true, gatewayed(2, seed % 3 == 0)));
        forEachSeed(seed -> chaos(-seed, PRODUCTION, true, gatewayed(4, seed % 3 == 0)));
    }

    @Test
    void shouldHandOverWithAWitnessWithinMillisecondsWhenNothingIsLost() {
        forEachSeed(seed -> handovers(seed, PRODUCTION, 0, witnessed(2, false)));
    }

    @Test
    void shouldLoseNoOwnershipWhenHandedOverOnALossyNetwork() {
        forEachSeed(seed -> handovers(seed, PRODUCTION, 20));
    }

    @Test
    void shouldHandOverWithinMillisecondsWhenNothingIsLost() {
        forEachSeed(seed -> handovers(seed, PRODUCTION, 0));
    }

    // Each invariant must be able to fail, or it proves nothing.

    @Test
    void shouldNoticeAMasterThatSleepsThroughItsLease() {
        assertViolated("lease", seed -> chaos(seed, PlantedFaults.LEASE_FOR_EVER, false, 2));
    }

    @Test
    void shouldNoticeTwoOwnersWhenNobodyProbesNorListens() {
        assertViolated("one owner", seed -> chaos(seed, PlantedFaults.RECKLESS, false, 2));
    }

    @Test
    void shouldNoticeTwoOwnersWhenAHigherEpochIsIgnored() {
        assertViolated("one owner", seed -> chaos(seed, PlantedFaults.STUBBORN_MASTER, true, 2));
    }

    @Test
    void shouldNoticeTwoOwnersOfAnEpochWhenAGrantKeepsTheEpoch() {
        assertViolated(
                "one owner per epoch", seed -> chaos(seed, PlantedFaults.SAME_EPOCH, false, 2));
    }

    @Test
    void shouldNoticeAnEpochThatGoesBack() {
        assertViolated("epochs grow", seed -> chaos(seed, PlantedFaults.FORGETFUL, true, 2));
    }

    @Test
    void shouldNoticeThatNobodyOwnsWhenBackupsNeverStand() {
        assertViolated("an owner exists", seed -> chaos(seed, PlantedFaults.TIMID, false, 2));
    }

    @Test
    void shouldNoticeALostOwnershipWhenALostGrantIsNotTakenBack() {
        assertViolated(
                "handover loses nothing", seed -> handovers(seed, PlantedFaults.NO_RETREAT, 20));
    }

    @Test
    void shouldNoticeAStaleTableThatIsPromoted() {
        assertViolated(
                "a stale table is not promoted",
                seed -> chaos(seed, PlantedFaults.IMPATIENT, true, 2));
    }

    @Test
    void shouldNoticeTwoOwnersWhenAVoterIsFickle() {
        assertViolated(
                "one owner", seed -> chaos(seed, PlantedFaults.FICKLE, true, witnessed(2, false)));
    }

    @Test
    void shouldNoticeTwoOwnersWhenAHangIsTakenForADeath() {
        assertViolated(
                "one owner",
                seed -> chaos(seed, PlantedFaults.PREMATURE, false, witnessed(2, false)));
    }

    @Test
    void shouldNoticeTwoOwnersWhenALeaseCountsFromTheAnswer() {
        assertViolated(
                "one owner",
                seed -> chaos(seed, PlantedFaults.LATE_LEASE, true, witnessed(2, false)));
    }

    @Test
    void shouldNoticeTwoOwnersWhenNobodyMindsTheGateway() {
        assertViolated(
                "one owner",
                seed -> chaos(seed, PlantedFaults.CARELESS, false, gatewayed(2, false)));
    }

    @Test
    void shouldNoticeTwoOwnersWhenALeaseOutlivesTheGateway() {
        assertViolated(
                "one owner",
                seed -> chaos(seed, PlantedFaults.LATE_LEASE, false, gatewayed(2, false)));
    }

    // the schedules

    private void chaos(long seed, CoreMaker maker, boolean networkFaults, int size) {
        chaos(seed, maker, networkFaults, Schedule.nodes(size, Arbiter.NONE, seed % 3 == 0));
    }

    private void chaos(long seed, CoreMaker maker, boolean networkFaults, List<Settings> settings) {
        new Schedule(settings, networkFaults)
                .run(seed, maker, _ -> {})
                .invariants()
                .seenTransitions()
                .forEach((from, to) ->
                        transitions
                                .computeIfAbsent(from, _ -> EnumSet.noneOf(State.class))
                                .addAll(to));
    }

    private void handovers(long seed, CoreMaker maker, int lossPercent) {
        handovers(seed, maker, lossPercent, Schedule.nodes(2, Arbiter.NONE, false));
    }

    private void handovers(long seed, CoreMaker maker, int lossPercent, List<Settings> settings) {
        SimulatedWorld world = new SimulatedWorld(seed, settings, maker, _ -> {});
        world.nodes().forEach(SimulatedNode::start);
        world.run(1_500 * MS);
        world.expectOneOwner();
        world.degrade(lossPercent, 5, 5 * MS);
        world.invariants().restartOwnerlessClock();
        for (int i = 0; i < 5; i++) {
            SimulatedNode asked = world.nodes().get(world.random().nextInt(2));
            asked.receive(new Event.HandoverCommand("command-" + i, "", false, false));
            world.run(3_500 * MS);
            world.expectOneOwner();
        }
        // The grant may be lost until the giver takes back: its time, and the way of a heartbeat.
        long limitNs = lossPercent == 0 ? 20 * MS : 1_100 * MS;
        long gapNs = world.invariants().longestOwnerlessNs();
        if (gapNs > limitNs) {
            throw world.invariants()
                    .violated("handover loses nothing", "nobody owned for " + gapNs / MS + " ms");
        }
        if (lossPercent == 0) {
            long reports =
                    world.nodes().stream()
                            .flatMap(node -> node.said().stream())
                            .filter(said -> said instanceof Action.Report r && !r.id().isEmpty())
                            .count();
            assertEquals(5, reports, "each command is answered by a report, seed " + seed);
        }
    }

    private static List<Settings> witnessed(int directors, boolean preempt) {
        return Schedule.nodes(directors, Arbiter.WITNESS, preempt);
    }

    private static List<Settings> gatewayed(int directors, boolean preempt) {
        return Schedule.nodes(directors, Arbiter.GATEWAY, preempt);
    }

    private static void forEachSeed(LongConsumer schedule) {
        for (long seed = 1; seed <= SCHEDULES; seed++) {
            try {
                schedule.accept(seed);
            } catch (Violation | RuntimeException violation) {
                fail("seed " + seed + ": " + violation.getMessage(), violation);
            }
        }
    }

    private static void assertViolated(String invariant, LongConsumer schedule) {
        for (long seed = 1; seed <= SEARCHED; seed++) {
            try {
                schedule.accept(seed);
            } catch (Violation violation) {
                if (violation.invariant().equals(invariant)) {
                    return;
                }
            }
        }
        assertTrue(false, "no schedule violated: " + invariant);
    }
}
