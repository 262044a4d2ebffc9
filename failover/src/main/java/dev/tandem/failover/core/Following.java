package dev.tandem.failover.core;

/** The rules of the states before mastership: INIT, SYNCING, BACKUP and CANDIDATE. */
final class Following {
    /** A probe that has not ended so long after its time will not end. */
    private static final long PROBE_GRACE_NS = 500_000_000;

    /** A grant counts only from a node heard within so many intervals. */
    private static final int GIVER_HEARD_INTERVALS = 4;

    private static final long MS = 1_000_000;
    private static final int BACK_OFF_MIN_MS = 50;
    private static final int BACK_OFF_SPREAD_MS = 101;

    private Following() {}

    static void heardInInit(Turn turn, PeerView peer) {
        if (Hearing.follow(turn, peer)) {
            turn.become(new Role.Syncing(null), peer.node() + " is master");
        }
    }

    static void tick(Turn turn, Role.Init init) {
        if (turn.reached(init.untilNs())) {
            String evidence =
                    "no master was heard for %d ms"
                            .formatted(Turn.ms(turn.nowNs - turn.situation().sinceNs()));
            Loss loss = Loss.noneHeard(evidence, turn.situation().sinceNs(), turn.nowNs);
            turn.become(new Role.Backup(loss, turn.nowNs, turn.nowNs), evidence);
        }
    }

    static void heard(Turn turn, Role.Syncing syncing, PeerView peer) {
        if (Hearing.follow(turn, peer) && syncing.loss() != null) {
            turn.inRole(new Role.Syncing(null), peer.node() + " is master");
        }
    }

    /** Leaves when it has the table; or when nobody has it any more, and half of it is the best. */
    static void tick(Turn turn, Role.Syncing syncing) {
        Situation situation = turn.situation();
        Loss loss = syncing.loss();
        if (loss == null) {
            if (situation.condition().synced()) {
                String reason = "has all connections of " + situation.master();
                turn.become(Role.Backup.following(turn.nowNs), reason);
                turn.act(new Action.SendHeartbeat());
                return;
            }
            loss = Judgement.lossOf(turn, situation.master());
            if (loss == null) {
                return;
            }
            turn.update(situation.withMaster(""));
            turn.inRole(new Role.Syncing(loss), loss.evidence());
        }
        if (Judgement.holderOfTable(turn.settings, turn.situation(), loss, turn.nowNs) == null) {
            long notBeforeNs = notBefore(turn, loss, turn.nowNs);
            turn.become(new Role.Backup(loss, notBeforeNs, turn.nowNs), loss.evidence());
        }
    }

    static void heard(Turn turn, Role.Backup backup, PeerView peer) {
        Loss loss = backup.loss();
        String former = loss == null ? turn.situation().master() : loss.master();
        if (!Hearing.follow(turn, peer) || (loss == null && peer.node().equals(former))) {
            return;
        }
        if (!former.isEmpty() && !peer.node().equals(former)) {
            holdDown(turn);
        }
        if (turn.situation().condition().holdsTable()) {
            turn.inRole(Role.Backup.following(turn.nowNs), peer.node() + " is master");
        } else {
            turn.become(new Role.Syncing(null), peer.node() + " is master");
        }
    }

    static void tick(Turn turn, Role.Backup backup) {
        Loss loss = backup.loss();
        String master = turn.situation().master();
        if (loss == null) {
            loss = Judgement.lossOf(turn, master);
            if (loss == null) {
                considerPreempting(turn, backup, master);
                return;
            }
            turn.update(turn.situation().withMaster(""));
        }
        long notBeforeNs =
                backup.loss() == null
                        ? notBefore(turn, loss, backup.notBeforeNs())
                        : backup.notBeforeNs();
        Role.Backup without = new Role.Backup(loss, notBeforeNs, turn.nowNs);
        turn.inRole(without);
        if (turn.reached(without.notBeforeNs())
                && !isHeldDown(turn.situation(), loss, turn.nowNs)
                && Judgement.fitter(turn.settings, turn.situation(), turn.nowNs) == null
                && Voting.mayStand(turn)
                && Voting.hearsMajority(turn.settings, turn.situation(), turn.nowNs)
                && !lacksGateway(turn)) {
            stand(turn, loss);
        }
    }

    private static boolean lacksGateway(Turn turn) {
        return turn.settings.hasGateway()
                && !Gateway.answersNow(turn.settings, turn.situation(), turn.nowNs);
    }

    /**
     * Whose master stepped down gives the new one, of whom it has not heard yet, a moment; if there
     * is another node that may be it.
     */
    private static long notBefore(Turn turn, Loss loss, long otherwiseNs) {
        PeerView former = turn.situation().peer(loss.master());
        return former != null && former.state() == State.BACKUP && hasThird(turn, former)
                ? turn.nowNs + turn.settings.detectionNs()
                : otherwiseNs;
    }

    private static boolean hasThird(Turn turn, PeerView former) {
        return turn.settings.peers().stream()
                .filter(node -> !node.equals(former.node()))
                .map(turn.situation()::peer)
                .anyMatch(peer -> peer == null || peer.state() != State.WITNESS);
    }

    static boolean isHeldDown(Situation situation, Loss loss, long nowNs) {
        return loss.mereSilence() && nowNs - situation.holdDownUntilNs() < 0;
    }

    static void holdDown(Turn turn) {
        turn.update(turn.situation().heldDownUntil(turn.nowNs + turn.settings.holdDownNs()));
    }

    private static void considerPreempting(Turn turn, Role.Backup backup, String master) {
        PeerView peer = turn.situation().peer(master);
        if (!turn.settings.preempt() || peer == null) {
            return;
        }
        boolean due =
                peer.said().priority() < turn.situation().condition().priority()
                        && peer.state() == State.MASTER
                        && turn.situation().condition().synced()
                        && turn.reached(turn.situation().holdDownUntilNs());
        if (!due) {
            turn.inRole(new Role.Backup(null, backup.notBeforeNs(), turn.nowNs));
        } else if (turn.nowNs - backup.readySinceNs() >= turn.settings.preemptDelayNs()) {
            turn.act(new Action.ForwardCommand("", master, turn.settings.node(), false));
            // Refused or lost: asked again after another delay.
            turn.inRole(new Role.Backup(null, backup.notBeforeNs(), turn.nowNs));
        }
    }

    private static void stand(Turn turn, Loss loss) {
        turn.become(new Role.Candidate(loss, null), loss.evidence());
        Voting.forItself(turn);
        turn.act(new Action.SendHeartbeat());
        turn.act(new Action.Probe(turn.situation().visit(), turn.settings.probeNs()));
    }

    static void heard(Turn turn, Role.Candidate candidate, PeerView peer) {
        if (Hearing.follow(turn, peer)) {
            turn.become(
                    turn.situation().condition().holdsTable()
                            ? Role.Backup.following(turn.nowNs)
                            : new Role.Syncing(null),
                    peer.node() + " is master");
            return;
        }
        PeerView holder =
                Judgement.holderOfTable(
                        turn.settings, turn.situation(), candidate.loss(), turn.nowNs);
        if (holder != null) {
            standBack(turn, candidate, holder.node() + " has the connections");
        } else if (peer.state() == State.CANDIDATE
                && peer.outranks(turn.settings, turn.situation().condition())) {
            standBack(turn, candidate, peer.node() + " stands too and goes first");
        } else {
            Voting.standHigherThan(turn, peer);
            considerWinning(turn, candidate);
        }
    }

    /** When the probe was silent and the votes are there; whichever comes last. */
    private static void considerWinning(Turn turn, Role.Candidate candidate) {
        if (candidate.silentSinceNs() == null) {
            return;
        }
        if (lacksGateway(turn)) {
            standBack(turn, candidate, Gateway.silence(turn.settings));
            return;
        }
        Long leaseUntilNs = Voting.leaseUntilNs(turn);
        if (leaseUntilNs != null && !turn.reached(leaseUntilNs)) {
            win(turn, candidate, leaseUntilNs);
        }
    }

    static void tick(Turn turn, Role.Candidate candidate) {
        long limitNs = turn.settings.probeNs() + PROBE_GRACE_NS;
        if (turn.nowNs - turn.situation().sinceNs() >= limitNs) {
            standBack(
                    turn,
                    candidate,
                    candidate.silentSinceNs() == null
                            ? "the probe of the addresses did not end"
                            : Voting.inWords(turn.settings, turn.situation(), turn.nowNs));
        }
    }

    static void probed(Turn turn, Role.Candidate candidate, String answeredBy) {
        if (answeredBy.isEmpty()) {
            Role.Candidate unopposed = new Role.Candidate(candidate.loss(), turn.nowNs);
            turn.inRole(unopposed);
            considerWinning(turn, unopposed);
        } else {
            // Should who answered fall silent now, its lease may still run.
            String reason = "vip-in-use: " + answeredBy;
            standBack(turn, candidate, reason, turn.settings.leaseNs());
        }
    }

    private static void win(Turn turn, Role.Candidate candidate, long leaseUntilNs) {
        Loss loss = candidate.loss();
        long stoodNs = turn.situation().sinceNs();
        long silentSinceNs =
                candidate.silentSinceNs() == null ? turn.nowNs : candidate.silentSinceNs();
        if (loss.mereSilence()) {
            holdDown(turn);
        }
        Story story = null;
        if (!loss.master().isEmpty()) {
            String evidence = loss.evidence() + "; the addresses were silent to an ARP probe";
            story =
                    Story.begin("", loss.cause(), loss.master(), evidence, loss.lastSignNs())
                            .after("detect", loss.lostNs())
                            .after("decide", stoodNs)
                            .after("probe", silentSinceNs);
            if (turn.settings.hasArbiter()) {
                story = story.after("votes", turn.nowNs);
            }
        }
        // Without an arbiter chosen only now: a higher one may have been heard since it stood.
        long epoch =
                turn.settings.hasArbiter()
                        ? turn.situation().ballot().epoch()
                        : turn.situation().promisedEpoch() + 1;
        Owning.enter(turn, epoch, leaseUntilNs, loss.evidence(), story, false);
    }

    /** Back to BACKUP, not to stand again at once and at the same moment as another. */
    static void standBack(Turn turn, Role.Candidate candidate, String reason) {
        standBack(turn, candidate, reason, 0);
    }

    private static void standBack(Turn turn, Role.Candidate candidate, String reason, long moreNs) {
        long untilNs =
                turn.nowNs + moreNs + backOffNs(turn.settings.node(), turn.situation().visit());
        turn.become(new Role.Backup(candidate.loss(), untilNs, turn.nowNs), reason);
    }

    /** 50 to 150 ms; differs from node to node and from time to time, yet can be replayed. */
    private static long backOffNs(String node, long visit) {
        long mixed = (node.hashCode() * 31L + visit) * 0x9E3779B97F4A7C15L;
        return (BACK_OFF_MIN_MS + Long.remainderUnsigned(mixed >>> 32, BACK_OFF_SPREAD_MS)) * MS;
    }

    /**
     * What has lain in its queues meanwhile may be out of date, so it acts on nothing for a moment.
     */
    static void slept(Turn turn, Role.Backup backup) {
        long wakeNs = turn.nowNs + turn.settings.intervalNs();
        boolean later = backup.notBeforeNs() - wakeNs > 0;
        turn.inRole(
                new Role.Backup(backup.loss(), later ? backup.notBeforeNs() : wakeNs, turn.nowNs));
    }

    /**
     * Takes without a probe, since the giver is silent by now; but only if the grant is fresh. One
     * that was delivered late, or lay in the queue of a node that slept, may come from a master
     * that has long taken back, or that has died and been replaced. An ignored grant is no harm:
     * the giver takes back after its time.
     */
    static void granted(Turn turn, Event.Granted granted) {
        PeerView giver = turn.situation().peer(granted.from());
        boolean fresh =
                turn.role() instanceof Role.Backup backup
                        && turn.reached(backup.notBeforeNs())
                        && granted.epoch() > turn.situation().promisedEpoch()
                        && giver != null
                        && turn.nowNs - giver.heardNs()
                                < GIVER_HEARD_INTERVALS * turn.settings.intervalNs();
        if (fresh
                && giver != null
                && !lacksGateway(turn)
                && Voting.takesFrom(turn, giver, granted.epoch())) {
            String reason = granted.from() + " handed over";
            Story story = Story.begin("", "command", granted.from(), reason, turn.nowNs);
            Long spokenNs = turn.settings.hasGateway() ? Gateway.leaseUntilNs(turn) : null;
            long untilNs = spokenNs == null ? turn.nowNs + turn.settings.leaseNs() : spokenNs;
            Owning.enter(turn, granted.epoch(), untilNs, reason, story, true);
        }
    }
}
