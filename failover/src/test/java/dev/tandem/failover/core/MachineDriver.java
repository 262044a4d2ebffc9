package dev.tandem.failover.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Node b with its clock in the test's hand: steps the machine and keeps what it last said. */
final class MachineDriver {
    static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    static final String SILENT = "";

    final Settings settings;
    private final FailoverMachine machine;
    private final Map<String, Long> sequences = new HashMap<>();
    private Situation situation;
    private List<Action> actions = List.of();
    private long nowNs = Long.MAX_VALUE - 100 * MS;

    /** A node of the default times; its peers are a and c, c only where it is heard. */
    MachineDriver(int priority, boolean preempt) {
        this(priority, preempt, Long.MAX_VALUE, List.of("a", "c"), "");
    }

    private MachineDriver(
            int priority,
            boolean preempt,
            long promoteStaleNs,
            List<String> peers,
            String gateway) {
        settings =
                new Settings(
                        "b",
                        priority,
                        preempt,
                        60_000 * MS,
                        50 * MS,
                        300 * MS,
                        200 * MS,
                        200 * MS,
                        20 * MS,
                        10_000 * MS,
                        1_000 * MS,
                        promoteStaleNs,
                        1_000 * MS,
                        peers,
                        List.of(),
                        false,
                        gateway);
        machine = new FailoverMachine(settings);
        situation = Situation.start(settings, Vote.NONE, nowNs);
    }

    MachineDriver() {
        this(90, false);
    }

    static MachineDriver promotingStaleAfter(long ms) {
        return new MachineDriver(90, false, ms * MS, List.of("a", "c"), "");
    }

    /** Of two nodes and a gateway that decides. */
    static MachineDriver besideGateway() {
        return new MachineDriver(90, false, Long.MAX_VALUE, List.of("a"), "10.0.0.1");
    }

    /** The gateway answers what it was asked at this moment. */
    MachineDriver answered() {
        return event(new Event.GatewayAnswered(nowNs));
    }

    /**
     * As {@link #hears} of peer a.
     *
     * @param echoMs how long ago this node sent the newest heartbeat that a has heard of it
     */
    MachineDriver heardBy(State state, long epoch, boolean seesGateway, long echoMs) {
        return event(
                new Event.Heartbeat(
                        "a",
                        1,
                        sequences.merge("a", 1L, Long::sum),
                        state,
                        epoch,
                        100,
                        true,
                        seesGateway,
                        0,
                        1,
                        nowNs,
                        new Vote(0, "b", nowNs - echoMs * MS)));
    }

    /** A backup of master a in this epoch. */
    static MachineDriver backupOf(String master, long epoch) {
        MachineDriver driver = new MachineDriver();
        return driver.hears(master, State.MASTER, epoch).synced();
    }

    /** It gets to have all that the master has. */
    MachineDriver synced() {
        return event(new Event.Table(true, "")).tick();
    }

    /** A master in epoch 1, with a as its ready backup. */
    static MachineDriver master(int priority) {
        MachineDriver driver = new MachineDriver(priority, false);
        driver.passes(300).tick().passes(1).tick();
        driver.event(new Event.Probed(driver.visit(), SILENT));
        driver.event(new Event.Taken(driver.visit(), 7));
        driver.hears("a", State.BACKUP, 1);
        return driver;
    }

    static MachineDriver master() {
        return master(90);
    }

    MachineDriver passes(long ms) {
        nowNs += ms * MS;
        return this;
    }

    /** Time passes with a tick and a heartbeat of each of these peers every 50 ms. */
    MachineDriver livesOn(long ms, String peer, State state, long epoch) {
        for (long passed = 0; passed < ms; passed += 50) {
            passes(50).hears(peer, state, epoch);
            tick();
        }
        return this;
    }

    MachineDriver event(Event event) {
        Step step = machine.step(situation, event, nowNs);
        situation = step.situation();
        actions = step.actions();
        return this;
    }

    MachineDriver tick() {
        return event(new Event.Tick());
    }

    MachineDriver hears(String node, State state, long epoch) {
        return hears(node, state, epoch, 100, 0);
    }

    MachineDriver hears(String node, State state, long epoch, int priority, int lag) {
        long sequence = sequences.merge(node, 1L, Long::sum);
        return event(heartbeat(node, 1, sequence, state, epoch, priority, lag));
    }

    /** Of a node where there is no arbiter; one that has just started has no connections. */
    static Event.Heartbeat heartbeat(
            String node,
            long incarnation,
            long sequence,
            State state,
            long epoch,
            int priority,
            int lag) {
        return new Event.Heartbeat(
                node,
                incarnation,
                sequence,
                state,
                epoch,
                priority,
                state != State.INIT,
                false,
                lag,
                1,
                0,
                Vote.NONE);
    }

    Forecast forecast() {
        return machine.ifMasterDied(situation, nowNs);
    }

    State state() {
        return situation.state();
    }

    long visit() {
        return situation.visit();
    }

    Situation situation() {
        return situation;
    }

    long nowNs() {
        return nowNs;
    }

    String whyNot() {
        return machine.whyNotMaster(situation, nowNs);
    }

    /** What the last step wants done, by kind. */
    List<String> kinds() {
        List<String> kinds = new ArrayList<>();
        actions.forEach(action -> kinds.add(action.getClass().getSimpleName()));
        return kinds;
    }

    <T extends Action> T said(Class<T> kind) {
        return actions.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " in " + actions));
    }
}
