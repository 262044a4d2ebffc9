package dev.tandem.failover.simulation;

import static dev.tandem.failover.simulation.SimulatedWorld.MS;

import dev.tandem.failover.core.Event;
import java.util.List;
import java.util.SplittableRandom;

/** What strikes the simulated nodes, and how it ends. */
final class SimulatedFaults {
    private static final int KINDS_OF_NODES = 12;
    private static final int KINDS_OF_NETWORKS = 4;
    private static final int KINDS_OF_GATEWAYS = 3;

    private final SimulatedWorld world;
    private final boolean network;

    /** What a fault still has in store ends with it. */
    private int healings;

    SimulatedFaults(SimulatedWorld world, boolean network) {
        this.world = world;
        this.network = network;
    }

    /** One fault of any kind, here or there. */
    void strike() {
        SplittableRandom random = world.random;
        SimulatedNode node = world.nodes.get(random.nextInt(world.nodes.size()));
        int other = (node.index + 1 + random.nextInt(world.nodes.size() - 1)) % world.nodes.size();
        int kinds = network ? KINDS_OF_NODES + KINDS_OF_NETWORKS : KINDS_OF_NODES;
        int kind = random.nextInt(world.hasGateway() ? kinds + KINDS_OF_GATEWAYS : kinds);
        if (kind >= kinds) {
            strikeGateway(kind - kinds, node);
            return;
        }
        switch (kind) {
            case 0 -> node.kill();
            case 1 -> restart(node);
            case 2 -> {
                node.pauseProcess();
                world.after(random.nextLong(2_500 * MS), node::resume);
            }
            case 3 -> {
                node.pauseThread();
                world.after(random.nextLong(600 * MS), node::resume);
            }
            case 4 -> {
                node.receive(new Event.DirectorFault("its interface went away"));
                world.after(
                        random.nextLong(1_000 * MS),
                        () -> node.receive(new Event.DirectorCleared()));
            }
            case 5, 6 -> node.receive(new Event.HandoverCommand("command", "", false, false));
            case 7 -> stop(node);
            case 8 -> {
                // it hangs in the middle of a handover
                node.receive(new Event.HandoverCommand("command", "", false, false));
                world.after(random.nextLong(100 * MS), node::pauseThread);
                world.after(200 * MS + random.nextLong(800 * MS), node::resume);
            }
            case 9 -> {
                // it is told to stop when it has hardly come to itself
                node.pauseThread();
                long awayNs = random.nextLong(1_000 * MS);
                world.after(awayNs, node::resume);
                int ofHealing = healings;
                world.after(
                        awayNs + random.nextLong(100 * MS),
                        () -> {
                            if (ofHealing == healings) {
                                stop(node);
                            }
                        });
            }
            case 10 -> {
                node.diskFull(true);
                world.after(random.nextLong(1_500 * MS), () -> node.diskFull(false));
            }
            case 11 -> {
                node.receive(new Event.Maintenance("on", true));
                world.after(
                        random.nextLong(1_500 * MS),
                        () -> node.receive(new Event.Maintenance("off", false)));
            }
            case 12 -> world.cut(node.index, other);
            case 13 -> {
                world.cut(node.index, other);
                world.cut(other, node.index);
            }
            case 14 -> {
                world.cut(node.index, other);
                world.cut(other, node.index);
                world.cutServiceLan();
            }
            case 15 -> world.degrade(random.nextInt(60), random.nextInt(30), 60 * MS);
            default -> throw new IllegalStateException("no fault of kind " + kind);
        }
    }

    private void strikeGateway(int kind, SimulatedNode node) {
        switch (kind) {
            case 0 -> world.cutGateway(node);
            case 1 -> world.nodes.forEach(world::cutGateway);
            default -> {
                // a part of the nodes, without the gateway
                List<SimulatedNode> side =
                        world.nodes.stream()
                                .filter(other -> other == node || world.random.nextInt(3) == 0)
                                .toList();
                world.split(side);
            }
        }
    }

    private static void stop(SimulatedNode node) {
        if (node.isTurning()) {
            node.receive(new Event.Stop());
        }
    }

    private void restart(SimulatedNode node) {
        node.kill();
        world.after(world.random.nextLong(400 * MS), () -> startIfDown(node));
    }

    private static void startIfDown(SimulatedNode node) {
        if (!node.isUp()) {
            node.start();
        }
    }

    /** Everything works again. */
    void healAll() {
        healings++;
        world.healNetwork();
        for (SimulatedNode node : world.nodes) {
            node.diskFull(false);
            startIfDown(node);
            node.resume();
            node.receive(new Event.DirectorCleared());
            node.receive(new Event.Maintenance("off", false));
        }
    }
}
