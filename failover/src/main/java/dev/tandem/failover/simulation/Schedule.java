package dev.tandem.failover.simulation;

import static dev.tandem.failover.simulation.SimulatedWorld.MS;

import dev.tandem.failover.core.Settings;
import dev.tandem.failover.simulation.SimulatedWorld.CoreMaker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Three rounds of one to five random faults each, and calm after each; everything follows from the
 * seed. When it is calm again exactly one node owns the addresses.
 *
 * @param settings the nodes
 * @param networkFaults whether the network fails too, not only nodes and disks; where a gateway is
 *     the arbiter it is always cut off from some, and those from the others with it
 */
public record Schedule(List<Settings> settings, boolean networkFaults) {
    /** Longer than hold-down, fault-clear, detection, listening and back-off together. */
    private static final long CALM_NS = 6_000 * MS;

    private static final int ROUNDS = 3;
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
    private static final String WITNESS = "w";

    /** Most directors of {@link #nodes}. */
    public static final int MAX_DIRECTORS = 5;

    public Schedule {
        settings = List.copyOf(settings);
    }

    /**
     * Settings of directors a, b, ... of equal priority but for b, and of a witness w if it is the
     * arbiter.
     *
     * @param directors 2 to 5
     */
    public static List<Settings> nodes(int directors, Arbiter arbiter, boolean preempt) {
        List<String> names = new ArrayList<>(NAMES.subList(0, directors));
        if (arbiter == Arbiter.WITNESS) {
            names.add(WITNESS);
        }
        return names.stream().map(name -> settings(name, names, arbiter, preempt)).toList();
    }

    private static Settings settings(
            String name, List<String> names, Arbiter arbiter, boolean preempt) {
        return new Settings(
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
                names.stream().filter(other -> !other.equals(name)).toList(),
                arbiter == Arbiter.WITNESS ? names : List.of(),
                name.equals(WITNESS),
                arbiter == Arbiter.GATEWAY ? "10.0.0.1" : "");
    }

    /**
     * Runs it once.
     *
     * @return the world at its end
     * @throws Violation when an invariant did not hold
     */
    public SimulatedWorld run(long seed, CoreMaker maker, Consumer<String> timeline) {
        SimulatedWorld world = new SimulatedWorld(seed, settings, maker, timeline);
        SimulatedFaults faults = new SimulatedFaults(world, networkFaults);
        for (SimulatedNode node : world.nodes()) {
            world.after(world.random().nextLong(800 * MS), node::start);
        }
        for (int round = 0; round < ROUNDS; round++) {
            world.run(1_500 * MS);
            int number = 1 + world.random().nextInt(5);
            for (int i = 0; i < number; i++) {
                faults.strike();
                world.run(world.random().nextLong(1_200 * MS));
            }
            faults.healAll();
            world.run(CALM_NS);
            world.expectOneOwner();
        }
        return world;
    }
}
