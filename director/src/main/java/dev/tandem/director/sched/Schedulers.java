package dev.tandem.director.sched;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.LoggerFactory;

/**
 * The schedulers there are: the kernel's, by the names of its modules, and those of jars on the
 * class path.
 */
public final class Schedulers {
    /** Flags that a service has for its scheduler. */
    static final int FLAGS = 3;

    private static final List<String> GENERAL_FLAG_NAMES = List.of("flag-1", "flag-2", "flag-3");

    private static final SchedulerCatalog CATALOG =
            new SchedulerCatalog(LoggerFactory.getLogger(Schedulers.class))
                    .withProvidersOf(Schedulers.class.getClassLoader());

    private Schedulers() {}

    /** Names that {@link #create} knows, sorted. */
    public static SortedSet<String> names() {
        return new TreeSet<>(CATALOG.names());
    }

    /**
     * A new scheduler.
     *
     * @throws IllegalArgumentException when the name is unknown, the message then lists those
     *     known; or when the provider fails
     */
    public static Scheduler create(String name, SchedulerContext context) {
        return CATALOG.create(name, context);
    }

    /** How often each scheduler of a user's own has failed, all its services together. */
    public static SortedMap<String, Long> failures() {
        return CATALOG.failures();
    }

    /**
     * The bit of a flag by its name as {@code ipvsadm -b} takes it: {@code flag-1} to {@code
     * flag-3} for every scheduler, others for the scheduler that they belong to; empty for one of
     * another.
     *
     * @throws IllegalArgumentException when the scheduler is unknown
     */
    public static OptionalInt flag(String scheduler, String flagName) {
        int i = CATALOG.flagNames(scheduler).indexOf(flagName);
        if (i < 0) {
            i = GENERAL_FLAG_NAMES.indexOf(flagName);
        }
        return i < 0 ? OptionalInt.empty() : OptionalInt.of(SchedulerContext.FLAG_1 << i);
    }

    /** The names of the flags that are set, as listings show them for this scheduler. */
    public static List<String> flagNames(String scheduler, int flags) {
        List<String> own = names().contains(scheduler) ? CATALOG.flagNames(scheduler) : List.of();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < FLAGS; i++) {
            if ((flags & SchedulerContext.FLAG_1 << i) != 0) {
                names.add(i < own.size() ? own.get(i) : GENERAL_FLAG_NAMES.get(i));
            }
        }
        return names;
    }
}
