package dev.tandem.sync.hardening;

import java.util.ArrayList;
import java.util.List;

/** Turns of all nodes of a wire, every half millisecond of virtual time. */
final class SimulatedTime {
    private static final long STEP_NS = 500_000;

    private final SimulatedWire wire;
    private final List<LinkNode> nodes = new ArrayList<>();
    private long nowNs = Long.MAX_VALUE - 3_000_000_000L; // wraps over within the tests

    SimulatedTime(SimulatedWire wire) {
        this.wire = wire;
    }

    LinkNode add(LinkNode node) {
        nodes.add(node);
        node.turn(nowNs);
        return node;
    }

    long nowNs() {
        return nowNs;
    }

    void runMs(long ms) {
        for (long i = 0; i < ms * 1_000_000 / STEP_NS; i++) {
            nowNs += STEP_NS;
            wire.advance(nowNs);
            for (LinkNode node : nodes) {
                node.turn(nowNs);
            }
        }
    }
}
