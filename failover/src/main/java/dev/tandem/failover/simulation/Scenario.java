package dev.tandem.failover.simulation;

import static dev.tandem.failover.simulation.SimulatedWorld.MS;

import dev.tandem.failover.core.Settings;
import dev.tandem.failover.simulation.SimulatedWorld.CoreMaker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What happens when, written down. One thing a line; an empty line, or what follows a {@code #}, is
 * nothing:
 *
 * <pre>
 * directors 2        how many, a, b, ...; 2 to 5, first of all (default 2)
 * witness            one, w
 * gateway            a gateway decides; not with a witness
 * preempt
 * 0 start a          at 0 ms; times grow from line to line
 * 0 start b
 * 0 start w
 * 1500 isolate a
 * 3000 expect b
 * 3000 heal
 * 6000 end
 * </pre>
 *
 * <p>The verbs are those of {@link Verb}.
 */
public final class Scenario {
    /** Latest time, in ms. */
    static final int MAX_MS = 3_600_000;

    private record Line(int atMs, Verb verb, List<String> words) {}

    private final List<Line> lines = new ArrayList<>();
    private int directors = 2;
    private Arbiter arbiter = Arbiter.NONE;
    private boolean preempt;
    private int endMs = -1;

    private Scenario() {}

    /**
     * Reads one.
     *
     * @throws ScenarioException at the first line that says nothing that is known
     */
    public static Scenario parse(List<String> text) throws ScenarioException {
        Scenario scenario = new Scenario();
        for (int i = 0; i < text.size(); i++) {
            String line = text.get(i).replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                scenario.read(i + 1, List.of(line.split("\\s+")));
            }
        }
        if (scenario.endMs < 0) {
            throw new ScenarioException(text.size(), "the last line must be '<ms> end'");
        }
        return scenario;
    }

    private void read(int number, List<String> words) throws ScenarioException {
        boolean first = lines.isEmpty() && endMs < 0;
        switch (words.getFirst()) {
            case "directors" -> {
                String wrong =
                        words.size() == 2
                                ? Verb.wrongNumber(words.get(1), 2, Schedule.MAX_DIRECTORS)
                                : "directors takes a number";
                check(number, first ? wrong : "directors must come first");
                directors = Integer.parseInt(words.get(1));
            }
            case "witness" -> {
                check(number, first ? "" : "witness must come first");
                check(number, arbiter == Arbiter.GATEWAY ? "the gateway is the arbiter" : "");
                arbiter = Arbiter.WITNESS;
            }
            case "gateway" -> {
                check(number, first ? "" : "gateway must come first");
                check(number, arbiter == Arbiter.WITNESS ? "the witness is the arbiter" : "");
                arbiter = Arbiter.GATEWAY;
            }
            case "preempt" -> {
                check(number, first ? "" : "preempt must come first");
                preempt = true;
            }
            default -> readEvent(number, words);
        }
    }

    private void readEvent(int number, List<String> words) throws ScenarioException {
        check(number, Verb.wrongNumber(words.getFirst(), 0, MAX_MS));
        int atMs = Integer.parseInt(words.getFirst());
        int lastMs = endMs >= 0 ? endMs : lines.isEmpty() ? 0 : lines.getLast().atMs();
        check(number, endMs >= 0 ? "nothing comes after 'end'" : "");
        check(number, atMs < lastMs ? "%d ms is before the line above".formatted(atMs) : "");
        String word = words.size() < 2 ? "" : words.get(1);
        if (word.equals("end")) {
            endMs = atMs;
            return;
        }
        Verb verb =
                Arrays.stream(Verb.values())
                        .filter(one -> one.word().equals(word))
                        .findAny()
                        .orElseThrow(() ->
                                new ScenarioException(
                                        number,
                                        "'%s' is none of end, %s".formatted(word, verbs())));
        List<String> rest = words.subList(2, words.size());
        List<String> names =
                Schedule.nodes(directors, arbiter, preempt).stream().map(Settings::node).toList();
        check(number, verb.wrongWith(rest, names));
        lines.add(new Line(atMs, verb, rest));
    }

    private static String verbs() {
        return Arrays.stream(Verb.values()).map(Verb::word).collect(Collectors.joining(", "));
    }

    private static void check(int line, String wrong) throws ScenarioException {
        if (!wrong.isEmpty()) {
            throw new ScenarioException(line, wrong);
        }
    }

    /**
     * Runs it once; what it leaves open (delays, loss) follows from the seed.
     *
     * @return the world at its end
     * @throws Violation when an invariant or an expectation did not hold
     */
    public SimulatedWorld run(long seed, CoreMaker maker, Consumer<String> timeline) {
        SimulatedWorld world =
                new SimulatedWorld(
                        seed, Schedule.nodes(directors, arbiter, preempt), maker, timeline);
        long nowMs = 0;
        for (Line line : lines) {
            world.run((line.atMs() - nowMs) * MS);
            nowMs = line.atMs();
            line.verb().happen(world, line.words());
        }
        world.run((endMs - nowMs) * MS);
        return world;
    }
}
