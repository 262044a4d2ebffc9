package dev.tandem.director.sched;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The schedulers there are, by the names of the kernel's modules. */
public final class Schedulers {
    private static final SortedMap<String, SchedulerProvider> PROVIDERS = new TreeMap<>();

    static {
        register("rr", RoundRobin::new);
        register("wrr", WeightedRoundRobin::new);
        register("wlc", WeightedLeastConnection::new);
    }

    private Schedulers() {}

    /** Names that {@link #create} knows, sorted. */
    public static SortedSet<String> names() {
        return new TreeSet<>(PROVIDERS.keySet());
    }

    /**
     * A new scheduler.
     *
     * @throws IllegalArgumentException when the name is unknown; the message lists those known
     */
    public static Scheduler create(String name) {
        SchedulerProvider provider = PROVIDERS.get(name);
        if (provider == null) {
            throw new IllegalArgumentException(
                    "unknown scheduler '" + name + "'; known: " + String.join(", ", names()));
        }
        return provider.create();
    }

    private static void register(String name, Supplier<Scheduler> maker) {
        PROVIDERS.put(name, new BuiltIn(name, maker));
    }

    private record BuiltIn(String name, Supplier<Scheduler> maker) implements SchedulerProvider {
        @Override
        public Scheduler create() {
            return maker.get();
        }
    }
}
