package dev.tandem.failover.core;

import java.util.function.UnaryOperator;

/**
 * The failover state machine of one node: a pure function of situation, event and time. It reads no
 * clock, does nothing and keeps nothing; {@code FailoverNode}'s one thread calls it and does what
 * it says. The code permits these transitions and no other:
 *
 * <pre>
 * INIT       SYNCING    a master is heard
 *            BACKUP     the detection time is over: there is no table to pull
 * SYNCING    BACKUP     the table equals the master's; or nobody has it any more
 * BACKUP     CANDIDATE  the master is lost, or there has been none, and no fitter node stands
 *            MASTER     the master grants the addresses
 *            SYNCING    a master is heard, and its table was never here
 * CANDIDATE  MASTER     the probe stayed silent, and a majority votes for it
 *            BACKUP     somebody answers the probe, a master is heard, a fitter candidate stands,
 *                       the votes do not come
 *            SYNCING    a master is heard, and its table was never here
 * MASTER     HANDOVER   a command, or it is to stop and a backup is ready
 *            BACKUP     a higher epoch is seen, or an equal one whose master is fitter
 *            FENCED     the machine had no turn before the lease ran out, or no majority, or
 *                       neither its peers nor the gateway
 * HANDOVER   BACKUP     the target took the addresses, or a higher epoch is seen; for
 *                       maintenance: MAINTENANCE
 *            MASTER     the target did not take them, or the director did not let go
 *            FENCED     as for MASTER
 * FENCED     MASTER     one heartbeat interval (two, where a gateway decides, which answers in
 *                       both) with no master heard and the probe silent, and
 *                       the majority still votes for it, or does an interval later
 *            BACKUP     a higher epoch or another master is heard, or the probe is answered, or,
 *                       where a gateway decides, somebody else stands
 *            FAULT      still neither its peers nor the gateway is heard
 * INIT, SYNCING, BACKUP, CANDIDATE
 *            MAINTENANCE  the operator says so; a master hands over first
 * MAINTENANCE INIT      the operator says that it is over
 * FAULT      INIT       the director has been well for a while; a witness: WITNESS; one in
 *                       maintenance: MAINTENANCE
 * WITNESS    FAULT      its votes cannot be kept on disk
 * any but STOPPED       FAULT when the director cannot work; STOPPED when told to stop
 * </pre>
 *
 * <p>With voters ({@link Voting}) becoming and staying MASTER takes a majority of votes, too, and
 * there are never two owners, whatever fails. Without one, two nodes that cannot hear each other
 * and cannot reach each other's addresses by ARP both own them, and each is right as far as it can
 * know. What is promised in any case: a master that has no turn (a hang, a stop, a long pause) has
 * lost its lease before anybody takes its place; two masters that hear each other are one after the
 * first packet; epochs only grow. The simulation in the tests states each of these and shows that
 * it can fail.
 */
public final class FailoverMachine {
    private final Settings settings;

    public FailoverMachine(Settings settings) {
        this.settings = settings;
    }

    /**
     * What follows from an event.
     *
     * @param nowNs {@link System#nanoTime()}, not less than at the step before
     */
    public Step step(Situation situation, Event event, long nowNs) {
        Turn turn = new Turn(settings, situation, nowNs);
        if (situation.role() instanceof Role.Stopped) {
            stopped(turn, event);
            return turn.end();
        }
        Owning.checkLease(turn);
        if (turn.role() instanceof Role.Stopped) {
            return turn.end();
        }
        switch (event) {
            case Event.Tick _ -> tick(turn);
            case Event.Heartbeat heartbeat -> Hearing.heartbeat(turn, heartbeat);
            case Event.PeerDied death -> Hearing.died(turn, death);
            case Event.Paused(long awayNs) -> Hearing.paused(turn, awayNs);
            case Event.Probed probed -> probed(turn, probed);
            case Event.Taken taken -> Owning.taken(turn, taken);
            case Event.Flushed(long visit) -> HandingOver.flushed(turn, visit);
            case Event.Released(long visit) -> HandingOver.released(turn, visit);
            case Event.Failed failed -> failed(turn, failed);
            case Event.HandoverCommand command -> HandingOver.command(turn, command);
            case Event.Granted granted -> Following.granted(turn, granted);
            case Event.Acknowledged answer -> HandingOver.acknowledged(turn, answer);
            case Event.GrantLost(long epoch) -> HandingOver.grantLost(turn, epoch);
            case Event.Maintenance command -> Ending.maintenance(turn, command);
            case Event.Priority(int priority) ->
                    turn.update(conditioned(turn, c -> c.prioritised(priority)));
            case Event.Table(boolean synced, String whyNot) -> table(turn, synced, whyNot);
            case Event.DirectorFault(String cause) -> Ending.fault(turn, cause);
            case Event.DirectorCleared _ -> Ending.cleared(turn);
            case Event.VoteLost(String why) -> {
                Voting.lost(turn);
                Ending.passingFault(turn, why);
            }
            case Event.GatewayAnswered(long sentNs) ->
                    turn.update(turn.situation().withGateway(sentNs));
            case Event.AddressConflict _ -> Owning.addressConflict(turn);
            case Event.Stop _ -> Ending.stop(turn);
        }
        return turn.end();
    }

    /** Why a node in this situation does not own the addresses, in words; empty when it does. */
    public String whyNotMaster(Situation situation, long nowNs) {
        return WhyNot.inWords(settings, situation, nowNs);
    }

    private static Situation conditioned(Turn turn, UnaryOperator<Condition> change) {
        return turn.situation().withCondition(change.apply(turn.situation().condition()));
    }

    /** Means something to who follows a master: it is that one's table that is compared. */
    private static void table(Turn turn, boolean synced, String whyNot) {
        boolean follows =
                switch (turn.role()) {
                    case Role.Syncing(Loss loss) -> loss == null;
                    case Role.Backup backup -> backup.loss() == null;
                    case Role.Maintenance _ -> !turn.situation().master().isEmpty();
                    case Role.Init _,
                            Role.Candidate _,
                            Role.Master _,
                            Role.Handover _,
                            Role.Fenced _,
                            Role.Fault _,
                            Role.Witness _,
                            Role.Stopped _ ->
                            false;
                };
        if (follows) {
            turn.update(conditioned(turn, c -> c.synced(synced, whyNot)));
        }
    }

    /** Why a node in this situation could not take over, in words; empty when it could. */
    public String whyNotReady(Situation situation, long nowNs) {
        return WhyNot.ready(settings, situation, nowNs);
    }

    /** What would follow if the master died at this moment. */
    public Forecast ifMasterDied(Situation situation, long nowNs) {
        return Forecast.of(settings, situation, nowNs);
    }

    private static void tick(Turn turn) {
        switch (turn.role()) {
            case Role.Init init -> Following.tick(turn, init);
            case Role.Syncing syncing -> Following.tick(turn, syncing);
            case Role.Backup backup -> Following.tick(turn, backup);
            case Role.Candidate candidate -> Following.tick(turn, candidate);
            case Role.Master master -> Owning.tick(turn, master);
            case Role.Handover handover -> HandingOver.tick(turn, handover);
            case Role.Fenced fenced -> Owning.tickFenced(turn, fenced);
            case Role.Fault fault -> Ending.tick(turn, fault);
            case Role.Maintenance _, Role.Witness _, Role.Stopped _ -> {}
        }
    }

    private static void probed(Turn turn, Event.Probed probed) {
        if (probed.visit() != turn.situation().visit()) {
            return;
        }
        switch (turn.role()) {
            case Role.Candidate candidate -> Following.probed(turn, candidate, probed.answeredBy());
            case Role.Fenced fenced -> Owning.probedFenced(turn, fenced, probed.answeredBy());
            case Role.Init _,
                    Role.Syncing _,
                    Role.Backup _,
                    Role.Master _,
                    Role.Handover _,
                    Role.Maintenance _,
                    Role.Fault _,
                    Role.Witness _,
                    Role.Stopped _ -> {}
        }
    }

    private static void failed(Turn turn, Event.Failed failed) {
        if (failed.visit() != turn.situation().visit()) {
            return;
        }
        switch (turn.role()) {
            case Role.Candidate candidate -> Following.standBack(turn, candidate, failed.what());
            case Role.Handover handover -> HandingOver.fallBack(turn, handover, failed.what());
            case Role.Master _, Role.Fenced _ -> Ending.passingFault(turn, failed.what());
            case Role.Init _,
                    Role.Syncing _,
                    Role.Backup _,
                    Role.Maintenance _,
                    Role.Fault _,
                    Role.Witness _,
                    Role.Stopped _ -> {}
        }
    }

    private static void stopped(Turn turn, Event event) {
        if (event instanceof Event.HandoverCommand command) {
            turn.act(new Action.Refuse(command.id(), turn.settings.node() + " has stopped"));
        }
    }
}
