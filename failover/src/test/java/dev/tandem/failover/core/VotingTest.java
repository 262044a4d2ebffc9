package dev.tandem.failover.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a voter says of its vote; the rules together are the simulation's. */
class VotingTest {
    private static final long NOW_NS = TimeUnit.HOURS.toNanos(7);
    private static final long BOUND_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final Settings WITNESS = witness();

    private final FailoverMachine machine = new FailoverMachine(WITNESS);

    @Test
    void shouldSayNobodyUntilItHasHeardWhomItsDiskNames() {
        Situation started = Situation.start(WITNESS, new Vote(4, "a", 0), NOW_NS);
        assertEquals(new Vote(4, "", 0), started.vote(WITNESS), "it has no time of a's clock");

        long sentNs = 123;
        Step heard = machine.step(started, standing("a", 4, sentNs), NOW_NS);
        assertEquals(new Vote(4, "a", sentNs), heard.situation().vote(WITNESS));
        assertEquals(List.of(), heard.actions(), "the vote is on disk already");
    }

    @Test
    void shouldBeBoundByTheVoteOfItsDiskForALeaseAndTheMargin() {
        Situation started = Situation.start(WITNESS, new Vote(4, "a", 0), NOW_NS);
        long bound = NOW_NS + BOUND_NS;
        Vote kept = new Vote(4, "", 0);
        assertEquals(kept, vote(machine.step(started, standing("b", 5, 1), bound - 1)));
        Step free = machine.step(started, standing("b", 5, 1), bound);
        assertEquals(new Vote(5, "b", 1), vote(free));
        assertEquals(new Action.Persist(5, "b"), free.actions().getFirst(), "before it is said");
    }

    @Test
    void shouldBeFreeWhenItHadVotedForItself() {
        Situation started = Situation.start(WITNESS, new Vote(4, "w", 0), NOW_NS);
        assertEquals(new Vote(4, "", 0), started.vote(WITNESS));
    }

    @Test
    void shouldVoteForWhoAskedWhenTheProcessItIsBoundToHasDied() {
        Situation bound = Situation.start(WITNESS, new Vote(4, "a", 0), NOW_NS);
        bound = machine.step(bound, standing("a", 4, 1), NOW_NS).situation();
        bound = machine.step(bound, standing("b", 5, 2), NOW_NS).situation();
        assertEquals(new Vote(4, "a", 1), bound.vote(WITNESS));
        Step other = machine.step(bound, new Event.PeerDied("a", 2), NOW_NS);
        assertEquals(new Vote(4, "a", 1), vote(other), "another process of a");
        Step free = machine.step(bound, new Event.PeerDied("a", 1), NOW_NS);
        assertEquals(new Vote(5, "b", 2), vote(free));
        assertEquals(
                List.of(new Action.Persist(5, "b"), new Action.SendHeartbeat()), free.actions());
    }

    @Test
    void shouldStayBoundToWhoWasGivenTheAddressesAndHasNotAskedForThem() {
        Situation bound = Situation.start(WITNESS, new Vote(4, "a", 0), NOW_NS);
        bound = machine.step(bound, standing("a", 3, 1), NOW_NS).situation();
        bound = machine.step(bound, new Event.PeerDied("a", 1), NOW_NS).situation();
        Step refused = machine.step(bound, standing("b", 5, 2), NOW_NS);
        assertEquals("a", vote(refused).holder(), "the process after it may have them");
    }

    private static Vote vote(Step step) {
        return step.situation().vote(WITNESS);
    }

    private static Event.Heartbeat standing(String node, long epoch, long sentNs) {
        Vote forItself = new Vote(epoch, node, 0);
        return new Event.Heartbeat(
                node, 1, 1, State.CANDIDATE, epoch, 100, true, false, 0, 0, sentNs, forItself);
    }

    private static Settings witness() {
        long ms = TimeUnit.MILLISECONDS.toNanos(1);
        return new Settings(
                "w",
                1,
                false,
                0,
                50 * ms,
                300 * ms,
                200 * ms,
                200 * ms,
                20 * ms,
                0,
                0,
                0,
                0,
                List.of("a", "b"),
                List.of("a", "b", "w"),
                true,
                "");
    }
}
