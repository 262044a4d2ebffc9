package dev.tandem.director.sched;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.ServiceOptions;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What a scheduler is told when it is made.
 *
 * @param flags those of the service ({@code ipvsadm -b}): any of {@link #FLAG_1}, {@link #FLAG_2},
 *     {@link #FLAG_3}; the kernel's numbers (IP_VS_SVC_F_SCHED1 and so on)
 * @param settings the director's, to be asked anew at each use
 * @param random for the worker thread
 */
public record SchedulerContext(int flags, LiveSettings settings, RandomGenerator random) {
    /** {@code flag-1}, {@code sh-fallback}, {@code mh-fallback}. */
    public static final int FLAG_1 = ServiceOptions.FLAG_1;

    /** {@code flag-2}, {@code sh-port}, {@code mh-port}. */
    public static final int FLAG_2 = ServiceOptions.FLAG_2;

    /** {@code flag-3}. */
    public static final int FLAG_3 = ServiceOptions.FLAG_3;

    /** With these flags, default settings, and randomness of its own. */
    public static SchedulerContext of(int flags) {
        return new SchedulerContext(
                flags, new LiveSettings(DirectorSettings.DEFAULT), new SplittableRandom());
    }

    /** Whether the flag is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
