package dev.tandem.tools.chaos;

import java.util.ArrayList;
import java.util.List;

/** What has to hold, whatever happened. */
final class Invariants {
    /** More that a daemon uses on its heap at the end than at the beginning is a leak. */
    static final long HEAP_GROWTH_KIB = 8 * 1024;

    private Invariants() {}

    /** What did not hold, in words. */
    static List<String> broken(
            ChaosOptions options, List<ChaosResult.Round> rounds, List<ChaosResult.Memory> memory) {
        var broken = new ArrayList<String>();
        for (ChaosResult.Round round : rounds) {
            String where =
                    "round %d (%s): "
                            .formatted(round.round(), String.join(" + ", round.troubles()));
            if (round.lost() > 0) {
                broken.add(
                        where
                                + "%d connections were lost %s"
                                        .formatted(round.lost(), round.lostBy()));
            }
            if (round.two()) {
                broken.add(
                        where
                                + "two owners at once: %d changes of who answers in %d new epochs, %d questions answered by both, %d quick returns"
                                        .formatted(
                                                round.changes(),
                                                round.epochs(),
                                                round.doubles(),
                                                round.returns()));
            }
            double unserved = Math.max(round.gapMs(), round.unownedMs());
            if (unserved > options.withinMs()) {
                broken.add(
                        where
                                + "nobody served for %.0f ms, more than %d"
                                        .formatted(unserved, options.withinMs()));
            }
        }
        for (ChaosResult.Memory life : memory) {
            long grown = life.heapKiBLast() - life.heapKiBFirst();
            if (grown > HEAP_GROWTH_KIB) {
                broken.add(
                        "the heap of %s (process %d) grew by %d KiB in %d rounds"
                                .formatted(life.node(), life.pid(), grown, life.rounds()));
            }
        }
        return broken;
    }
}
