package dev.tandem.failover.node;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The account of one failover.
 *
 * @param id unique in the cluster: epoch and new master, as in {@code 7-b}
 * @param at when it was over, by the wall clock
 * @param cause in words, as in {@code process of a died} or {@code command}
 * @param from the old master; empty when there was none
 * @param to the new master
 * @param epoch the new master's epoch
 * @param phasesMs what took how long in milliseconds, in the order it happened; by evidence {@code
 *     detect, decide, probe, take}, by command {@code flush, silence, grant, take}
 * @param connections entries in the new master's table when it took the addresses; -1 when they
 *     were not counted
 * @param evidence what the decision rested on, in a sentence
 */
public record FailoverReport(
        String id,
        Instant at,
        String cause,
        String from,
        String to,
        long epoch,
        Map<String, Double> phasesMs,
        int connections,
        String evidence) {
    public FailoverReport {
        phasesMs = Collections.unmodifiableMap(new LinkedHashMap<>(phasesMs));
    }
}
