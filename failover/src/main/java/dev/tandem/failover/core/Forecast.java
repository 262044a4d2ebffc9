package dev.tandem.failover.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would follow if the master died at this moment, as far as one node can see.
 *
 * @param heir who would own the addresses then; empty: nobody
 * @param inWords how, or why nobody
 */
public record Forecast(String heir, String inWords) {

    /** A node that might take over. */
    private record Runner(String node, boolean holdsTable, int priority) {}

    static Forecast of(Settings settings, Situation situation, long nowNs) {
        String master = situation.master();
        if (master.isEmpty()) {
            return new Forecast("", "nobody is master");
        }
        List<String> unfit = new ArrayList<>();
        Runner heir = heir(settings, situation, nowNs, unfit);
        if (heir == null) {
            return new Forecast(
                    "",
                    "nobody would take over"
                            + (unfit.isEmpty() ? "" : ": " + String.join(", ", unfit)));
        }
        List<String> voters = voters(settings, situation, nowNs);
        if (settings.hasArbiter() && voters.size() < settings.majority()) {
            return new Forecast(
                    "",
                    "nobody would take over: %s has %d of %d votes (%s), %d are needed"
                            .formatted(
                                    heir.node(),
                                    voters.size(),
                                    settings.voters().size(),
                                    String.join(", ", voters),
                                    settings.majority()));
        }
        return new Forecast(heir.node(), how(settings, situation, heir, voters, nowNs));
    }

    private static String how(
            Settings settings, Situation situation, Runner heir, List<String> voters, long nowNs) {
        StringBuilder words = new StringBuilder();
        words.append(
                "%s would take over, at once if the process of %s ended, after %d ms if it hung"
                        .formatted(
                                heir.node(), situation.master(), Turn.ms(settings.detectionNs())));
        if (settings.hasArbiter()) {
            words.append(
                    "; %d of %d votes (%s), %d are needed"
                            .formatted(
                                    voters.size(),
                                    settings.voters().size(),
                                    String.join(", ", voters),
                                    settings.majority()));
        }
        long heldNs = situation.holdDownUntilNs() - nowNs;
        if (heir.node().equals(settings.node()) && heldNs > 0) {
            words.append(
                    "; after a mere silence not for another %d ms, the last failover was just now"
                            .formatted(Turn.ms(heldNs)));
        }
        if (!heir.holdsTable()) {
            words.append("; it has never had all the connections");
        }
        return words.toString();
    }

    /** The fittest backup; the others, and why they are none, come into {@code unfit}. */
    private static @Nullable Runner heir(
            Settings settings, Situation situation, long nowNs, List<String> unfit) {
        List<Runner> runners = new ArrayList<>();
        boolean ownMay = !settings.hasGateway() || Gateway.answers(settings, situation, nowNs);
        if (situation.state() == State.BACKUP && !ownMay) {
            unfit.add(Gateway.silence(settings) + " " + settings.node());
        } else if (situation.state() == State.BACKUP) {
            Condition own = situation.condition();
            runners.add(new Runner(settings.node(), own.holdsTable(), own.priority()));
        } else if (!situation.master().equals(settings.node())) {
            unfit.add(settings.node() + " is " + situation.state());
        }
        for (String node : settings.peers()) {
            PeerView peer = situation.peer(node);
            if (node.equals(situation.master())
                    || (peer != null && peer.state() == State.WITNESS)) {
                continue;
            }
            if (peer == null || !peer.isAlive(settings, nowNs)) {
                unfit.add(node + " is not heard");
            } else if (peer.state() != State.BACKUP) {
                unfit.add(node + " is " + peer.state());
            } else if (settings.hasGateway() && !peer.said().seesGateway()) {
                unfit.add(Gateway.silence(settings) + " " + node);
            } else {
                runners.add(new Runner(node, peer.said().holdsTable(), peer.said().priority()));
            }
        }
        return runners.stream()
                .min(
                        Comparator.comparing(Runner::holdsTable)
                                .thenComparingInt(Runner::priority)
                                .reversed()
                                .thenComparing(Runner::node))
                .orElse(null);
    }

    /** Who would be left to vote. */
    private static List<String> voters(Settings settings, Situation situation, long nowNs) {
        return Voting.heard(settings, situation, nowNs).stream()
                .filter(voter -> !voter.equals(situation.master()))
                .toList();
    }
}
