package dev.tandem.tools.api;

import java.util.List;

/**
 * What both nodes of a planned switch-over say of themselves, each with its process and epoch.
 *
 * @param before the old master, then the new one, just before
 * @param after the same two, when the old one no longer forwarded what was under way
 * @param lost connections of the old master that the new one has not: 0 when the tables were
 *     compared afterwards and are equal; else the difference of {@code connections}, old before and
 *     new after, at least 0
 * @param compared whether {@code lost} comes from comparing the tables
 * @param gapMs nobody owned the addresses for so long: from the old master's silence to the new
 *     one's first gratuitous ARP, the way of the grant included
 * @param forwardedLate packets that the old master forwarded after it had given the addresses away
 */
public record Proof(
        List<NodeView> before,
        List<NodeView> after,
        int lost,
        boolean compared,
        double gapMs,
        long forwardedLate) {}
