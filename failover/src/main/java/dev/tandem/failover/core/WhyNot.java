package dev.tandem.failover.core;

import org.jspecify.annotations.Nullable;

/** The answer to the operator's question why a node is not master. */
final class WhyNot {
    private WhyNot() {}

    static String inWords(Settings settings, Situation situation, long nowNs) {
        return switch (situation.role()) {
            case Role.Init(long untilNs) ->
                    "has just started, and listens for a master for another %d ms"
                            .formatted(Math.max(0, Turn.ms(untilNs - nowNs)));
            case Role.Syncing(Loss loss) -> syncing(settings, situation, loss, nowNs);
            case Role.Backup backup -> backup(settings, situation, backup, nowNs);
            case Role.Candidate candidate ->
                    candidate.silentSinceNs() == null
                            ? "asks the wire whether the addresses are free"
                            : Voting.inWords(settings, situation, nowNs);
            case Role.Master _ -> "";
            case Role.Handover handover -> "hands over to " + handover.target();
            case Role.Fenced _ -> situation.reason() + ", and looks whether another took its place";
            case Role.Maintenance _ -> "is in maintenance";
            case Role.Fault fault ->
                    fault.cleared() ? "the fault is just gone: " + fault.cause() : fault.cause();
            case Role.Witness _ -> "is a witness: it votes, and never owns the addresses";
            case Role.Stopped _ -> "has stopped";
        };
    }

    /** Empty when a node in this situation owns the addresses or could take them. */
    static String ready(Settings settings, Situation situation, long nowNs) {
        return switch (situation.role()) {
            case Role.Master _, Role.Handover _, Role.Candidate _ -> "";
            case Role.Backup _, Role.Syncing _ -> {
                String unsynced = situation.condition().whyNotSynced();
                boolean unanswered =
                        settings.hasGateway() && !Gateway.answers(settings, situation, nowNs);
                yield unsynced.isEmpty() && unanswered ? Gateway.silence(settings) : unsynced;
            }
            case Role.Init _ -> "has just started";
            case Role.Fenced _ -> situation.reason();
            case Role.Maintenance _ -> "is in maintenance";
            case Role.Fault fault -> fault.cause();
            case Role.Witness _ -> "is a witness";
            case Role.Stopped _ -> "has stopped";
        };
    }

    private static String syncing(
            Settings settings, Situation situation, @Nullable Loss loss, long nowNs) {
        if (loss == null) {
            return "%s is master in epoch %d, and not all its connections are here: %s"
                    .formatted(
                            situation.master(),
                            situation.epoch(),
                            situation.condition().whyNotSynced());
        }
        PeerView holder = Judgement.holderOfTable(settings, situation, loss, nowNs);
        return holder == null
                ? loss.evidence() + "; is a backup at the next turn"
                : "%s, but %s has the connections and may come back with them"
                        .formatted(loss.evidence(), holder.node());
    }

    private static String backup(
            Settings settings, Situation situation, Role.Backup backup, long nowNs) {
        Loss loss = backup.loss();
        if (loss == null) {
            return "%s is master in epoch %d".formatted(situation.master(), situation.epoch());
        }
        if (nowNs - backup.notBeforeNs() < 0) {
            return "%s; tries again in %d ms"
                    .formatted(situation.reason(), Turn.ms(backup.notBeforeNs() - nowNs));
        }
        if (Following.isHeldDown(situation, loss, nowNs)) {
            return "%s, but the last failover was a moment ago: holds down for another %d ms"
                    .formatted(loss.evidence(), Turn.ms(situation.holdDownUntilNs() - nowNs));
        }
        Ballot ballot = situation.ballot();
        if (settings.hasArbiter() && !ballot.holder().isEmpty() && nowNs - ballot.untilNs() < 0) {
            return "%s; bound by its vote for %s for another %d ms"
                    .formatted(loss.evidence(), ballot.holder(), Turn.ms(ballot.untilNs() - nowNs));
        }
        if (!Voting.hearsMajority(settings, situation, nowNs)) {
            return "%s, but only %d of %d voters are heard, itself included; %d are needed"
                    .formatted(
                            loss.evidence(),
                            Voting.heard(settings, situation, nowNs).size(),
                            settings.voters().size(),
                            settings.majority());
        }
        PeerView fitter = Judgement.fitter(settings, situation, nowNs);
        if (settings.hasGateway() && !Gateway.answersNow(settings, situation, nowNs)) {
            return loss.evidence() + ", but " + Gateway.silence(settings);
        }
        if (fitter == null) {
            return loss.evidence() + "; stands at the next turn";
        }
        return fitter.said().holdsTable() && !situation.condition().holdsTable()
                ? "waits for %s, which has the connections".formatted(fitter.node())
                : "waits for %s, which goes first".formatted(fitter.node());
    }
}
