package dev.tandem.failover.core;

/**
 * Why a backup has no master.
 *
 * @param cause in words, for the report
 * @param master who was lost; empty when this node never knew of one
 * @param evidence what the judgement rests on, in a sentence
 * @param lastSignNs when the master gave its last sign of life
 * @param lostNs when it was judged
 * @param mereSilence whether nothing but silence speaks against the master; the hold-down applies
 *     to it, while a node that said itself that it cannot go on is replaced at once
 */
record Loss(
        String cause,
        String master,
        String evidence,
        long lastSignNs,
        long lostNs,
        boolean mereSilence) {

    static Loss noneHeard(String evidence, long sinceNs, long nowNs) {
        return new Loss("no master", "", evidence, sinceNs, nowNs, false);
    }
}
