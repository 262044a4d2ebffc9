package dev.tandem.tools.chaos;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Rounds without end, the same ones for the same seed. */
final class Schedule {
    /** The witness is not needed for these, nor by those who do without it. */
    private static final Set<Trouble> WITHOUT_WITNESS =
            EnumSet.of(Trouble.KILL_WITNESS, Trouble.HANG_WITNESS);

    private static final int COMBINED_PERCENT = 30;
    private static final int BRIEF_PERCENT = 30;

    private final SplittableRandom random;

    Schedule(long seed) {
        random = new SplittableRandom(seed);
    }

    Step next() {
        Trouble first = any();
        List<Trouble> troubles = List.of(first);
        if (WITHOUT_WITNESS.contains(first) && percent(COMBINED_PERCENT)) {
            troubles = List.of(first, Trouble.PLANNED);
        } else if (first != Trouble.LOSE && percent(COMBINED_PERCENT)) {
            troubles = List.of(Trouble.LOSE, first);
        }
        int apartMs = random.nextInt(20, 500);
        // shorter than the lease or the detection, or about as long; or longer than everything
        int holdMs = percent(BRIEF_PERCENT) ? random.nextInt(50, 500) : random.nextInt(500, 3000);
        return new Step(troubles, apartMs, holdMs);
    }

    private Trouble any() {
        Trouble[] all = Trouble.values();
        return all[random.nextInt(all.length)];
    }

    private boolean percent(int percent) {
        return random.nextInt(100) < percent;
    }
}
