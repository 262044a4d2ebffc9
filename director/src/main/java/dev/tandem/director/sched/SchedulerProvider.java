package dev.tandem.director.sched;

import java.util.List;

/**
 * Makes schedulers of one kind. Tandem's own are built in; others are found by {@link
 * java.util.ServiceLoader} in jars on the class path, whose {@code
 * META-INF/services/dev.tandem.director.sched.SchedulerProvider} names a public class with a public
 * constructor without parameters.
 */
public interface SchedulerProvider {
    /** Longest name, as in the kernel (IP_VS_SCHEDNAME_MAXLEN less the closing zero). */
    int MAX_NAME_LENGTH = 15;

    /**
     * The name by which services ask for it, as in {@code ipvsadm -s}: 1 to {@value
     * #MAX_NAME_LENGTH} printable ASCII characters, no space; not "none". The first provider of a
     * name has it.
     */
    String name();

    /**
     * Names of its flags, for {@link SchedulerContext#FLAG_1}, {@link SchedulerContext#FLAG_2} and
     * {@link SchedulerContext#FLAG_3} in this order; fewer than three when it has fewer. They are
     * what {@code ipvsadm -b} takes and prints.
     */
    default List<String> flagNames() {
        return List.of();
    }

    /**
     * A scheduler for one virtual service.
     *
     * @throws IllegalArgumentException when it does not like the flags
     */
    Scheduler create(SchedulerContext context);
}
