package dev.tandem.failover.simulation;

import static dev.tandem.failover.simulation.SimulatedWorld.MS;

import dev.tandem.failover.core.Event;
import java.util.List;
import java.util.Locale;

/** What a line of a scenario can say, and the words that it takes. */
enum Verb {
    START("node"),
    KILL("node"),
    /** As by SIGTERM. */
    STOP("node"),
    /** SIGSTOP, for so long. */
    HANG("node ms"),
    /** The director cannot work, for so long. */
    FAULT("node ms"),
    DISK_FULL("node ms"),
    HANDOVER("node"),
    MAINTENANCE("node"),
    MAINTENANCE_OVER("node"),
    PRIORITY("node number"),
    /** The second does not hear the first any more. */
    CUT("node node"),
    /** Nobody hears it, and it hears nobody. */
    ISOLATE("node"),
    /** The gateway does not answer it any more. */
    CUT_GATEWAY("node"),
    /** As isolate, cut-gateway and cut-service-lan together. */
    CUT_OFF("node"),
    /** Nobody answers an ARP probe any more. */
    CUT_SERVICE_LAN(""),
    /** Loss and duplicates in per cent, and delay up to so long. */
    DEGRADE("number number ms"),
    HEAL(""),
    /** Fails unless exactly this node owns the addresses. */
    EXPECT("node"),
    /** Fails if anybody owns the addresses. */
    EXPECT_NOBODY("");

    private static final int MAX_NUMBER = 254;

    private final String takes;

    Verb(String takes) {
        this.takes = takes;
    }

    /** As a scenario has it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is wrong with these words behind it; empty when nothing is. */
    String wrongWith(List<String> words, List<String> nodes) {
        List<String> kinds = takes.isEmpty() ? List.of() : List.of(takes.split(" "));
        if (kinds.size() != words.size()) {
            return "%s takes: %s".formatted(word(), takes.isEmpty() ? "nothing" : takes);
        }
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String wrong =
                    switch (kinds.get(i)) {
                        case "number" -> wrongNumber(word, 0, MAX_NUMBER);
                        case "ms" -> wrongNumber(word, 0, Scenario.MAX_MS);
                        default -> nodes.contains(word) ? "" : wrongNode(word, nodes);
                    };
            if (!wrong.isEmpty()) {
                return wrong;
            }
        }
        return "";
    }

    private static String wrongNode(String word, List<String> nodes) {
        return "'%s' is no node, there are %s".formatted(word, String.join(", ", nodes));
    }

    static String wrongNumber(String word, int min, int max) {
        boolean good =
                word.matches("[0-9]{1,9}")
                        && Integer.parseInt(word) >= min
                        && Integer.parseInt(word) <= max;
        return good ? "" : "'%s' must be a number from %d to %d".formatted(word, min, max);
    }

    /** Lets it happen. */
    void happen(SimulatedWorld world, List<String> words) {
        switch (this) {
            case CUT_SERVICE_LAN -> world.cutServiceLan();
            case HEAL -> world.healNetwork();
            case DEGRADE ->
                    world.degrade(number(words, 0), number(words, 1), number(words, 2) * MS);
            case EXPECT -> world.expectOwner(words.getFirst());
            case EXPECT_NOBODY -> world.expectOwner("");
            case CUT -> world.cut(world.node(words.get(0)).index, world.node(words.get(1)).index);
            case CUT_GATEWAY -> world.cutGateway(world.node(words.getFirst()));
            case CUT_OFF -> world.split(List.of(world.node(words.getFirst())));
            case ISOLATE -> isolate(world, world.node(words.getFirst()));
            case START,
                    KILL,
                    STOP,
                    HANG,
                    FAULT,
                    DISK_FULL,
                    HANDOVER,
                    MAINTENANCE,
                    MAINTENANCE_OVER,
                    PRIORITY ->
                    happenTo(world.node(words.getFirst()), world, words);
        }
    }

    private void happenTo(SimulatedNode node, SimulatedWorld world, List<String> words) {
        switch (this) {
            case START -> node.start();
            case KILL -> node.kill();
            case STOP -> node.receive(new Event.Stop());
            case HANG -> {
                node.pauseProcess();
                world.after(number(words, 1) * MS, node::resume);
            }
            case FAULT -> {
                node.receive(new Event.DirectorFault("its interface went away"));
                world.after(number(words, 1) * MS, () -> node.receive(new Event.DirectorCleared()));
            }
            case DISK_FULL -> {
                node.diskFull(true);
                world.after(number(words, 1) * MS, () -> node.diskFull(false));
            }
            case HANDOVER -> node.receive(new Event.HandoverCommand("handover", "", false, false));
            case MAINTENANCE -> node.receive(new Event.Maintenance("maintenance", true));
            case MAINTENANCE_OVER -> node.receive(new Event.Maintenance("maintenance", false));
            case PRIORITY -> node.receive(new Event.Priority(number(words, 1)));
            default -> throw new IllegalStateException(this + " does not happen to a node");
        }
    }

    private static void isolate(SimulatedWorld world, SimulatedNode node) {
        for (SimulatedNode other : world.nodes()) {
            if (other != node) {
                world.cut(node.index, other.index);
                world.cut(other.index, node.index);
            }
        }
    }

    private static int number(List<String> words, int index) {
        return Integer.parseInt(words.get(index));
    }
}
