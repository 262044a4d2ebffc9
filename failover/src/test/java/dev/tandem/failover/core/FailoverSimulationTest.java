package dev.tandem.failover.core;

import static dev.tandem.failover.core.SimulatedWorld.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.tandem.failover.core.Invariants.Violation;
import dev.tandem.failover.core.SimulatedWorld.CoreMaker;
import java.util.ArrayList;
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
    private static final int SCHEDULES = Integer.getInteger("tandem.test.schedules", 3_000);

    /** Longer than hold-down, fault-clear, detection, listening and back-off together. */
    private static final long CALM_NS = 6_000 * MS;

    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final String WITNESS = "w";

    private static final CoreMaker PRODUCTION = settings -> new FailoverMachine(settings)::step;

    private final Map<State, Set<State>> transitions = new EnumMap<>(State.class);

    @Test
    void shouldKeepItsPromisesWhenAnythingFails() {
        forEachSeed(seed -> chaos(seed, PRODUCTION, true, 2));
        forEachSeed(seed -> chaos(seed, PRODUCTION, true, witnessed(2, seed % 3 == 0)));
        assertEquals(FailoverMachineTest.permitted(), transitions);
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

    // the schedules

    private void chaos(long seed, CoreMaker maker, boolean networkFaults, int size) {
        chaos(seed, maker, networkFaults, settings(size, seed % 3 == 0));
    }

    private void chaos(long seed, CoreMaker maker, boolean networkFaults, List<Settings> settings) {
        SimulatedWorld world = new SimulatedWorld(seed, settings, maker);
        SimulatedFaults faults = new SimulatedFaults(world, networkFaults);
        for (SimulatedNode node : world.nodes) {
            world.after(world.random.nextLong(800 * MS), node::start);
        }
        for (int round = 0; round < 3; round++) {
            world.run(1_500 * MS);
            int number = 1 + world.random.nextInt(5);
            for (int i = 0; i < number; i++) {
                faults.strike();
                world.run(world.random.nextLong(1_200 * MS));
            }
            faults.healAll();
            world.run(CALM_NS);
            expectOneOwner(world);
        }
        world.invariants
                .seenTransitions()
                .forEach((from, to) ->
                        transitions
                                .computeIfAbsent(from, _ -> EnumSet.noneOf(State.class))
                                .addAll(to));
    }

    private static void expectOneOwner(SimulatedWorld world) {
        long owners = world.nodes.stream().filter(SimulatedNode::owns).count();
        if (owners != 1) {
            throw world.invariants.violated(
                    "an owner exists", owners + " owners among " + world.nodes);
        }
    }

    private void handovers(long seed, CoreMaker maker, int lossPercent) {
        handovers(seed, maker, lossPercent, settings(2, false));
    }

    private void handovers(long seed, CoreMaker maker, int lossPercent, List<Settings> settings) {
        SimulatedWorld world = new SimulatedWorld(seed, settings, maker);
        world.nodes.forEach(SimulatedNode::start);
        world.run(1_500 * MS);
        expectOneOwner(world);
        world.degrade(lossPercent, 5, 5 * MS);
        world.invariants.restartOwnerlessClock();
        for (int i = 0; i < 5; i++) {
            SimulatedNode asked = world.nodes.get(world.random.nextInt(2));
            asked.receive(new Event.HandoverCommand("command-" + i, "", false));
            world.run(3_500 * MS);
            expectOneOwner(world);
        }
        // The grant may be lost until the giver takes back: its time, and the way of a heartbeat.
        long limitNs = lossPercent == 0 ? 20 * MS : 1_100 * MS;
        long gapNs = world.invariants.longestOwnerlessNs();
        if (gapNs > limitNs) {
            throw world.invariants.violated(
                    "handover loses nothing", "nobody owned for " + gapNs / MS + " ms");
        }
        if (lossPercent == 0) {
            long reports =
                    world.nodes.stream()
                            .flatMap(node -> node.said.stream())
                            .filter(said -> said instanceof Action.Report r && !r.id().isEmpty())
                            .count();
            assertEquals(5, reports, "each command is answered by a report, seed " + seed);
        }
    }

    private static List<Settings> settings(int size, boolean preempt) {
        return settings(NAMES.subList(0, size), preempt, "");
    }

    /** So many directors, and a witness as the last. */
    private static List<Settings> witnessed(int directors, boolean preempt) {
        List<String> names = new ArrayList<>(NAMES.subList(0, directors));
        names.add(WITNESS);
        return settings(names, preempt, WITNESS);
    }

    private static List<Settings> settings(List<String> names, boolean preempt, String witness) {
        return names.stream()
                .map(name ->
                        new Settings(
                                name,
                                name.equals("b") ? 90 : 100,
                                preempt,
                                700 * MS,
                                50 * MS,
                                300 * MS,
                                200 * MS,
                                200 * MS,
                                20 * MS,
                                2_000 * MS,
                                1_000 * MS,
                                Long.MAX_VALUE,
                                500 * MS,
                                names.stream().filter(n -> !n.equals(name)).toList(),
                                witness.isEmpty() ? List.of() : names,
                                name.equals(witness)))
                .toList();
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
        for (long seed = 1; seed <= SCHEDULES; seed++) {
            try {
                schedule.accept(seed);
            } catch (Violation violation) {
                if (violation.invariant.equals(invariant)) {
                    return;
                }
            }
        }
        assertTrue(false, "no schedule violated: " + invariant);
    }
}
