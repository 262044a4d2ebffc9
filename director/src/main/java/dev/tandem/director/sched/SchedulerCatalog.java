package dev.tandem.director.sched;

import java.security.CodeSource;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;

/** Providers by name: the built-in ones, then those that a class loader finds. */
final class SchedulerCatalog {
    /** So many broken registrations in a row are enough; a loader may repeat one for ever. */
    private static final int MAX_BROKEN = 100;

    private final Logger log;
    private final SortedMap<String, Registered> registered = new TreeMap<>();

    private record Registered(SchedulerProvider provider, String origin, LongAdder failures) {}

    private record BuiltIn(
            String name, List<String> flagNames, Function<SchedulerContext, Scheduler> maker)
            implements SchedulerProvider {
        @Override
        public Scheduler create(SchedulerContext context) {
            return maker.apply(context);
        }
    }

    /** The built-in ones only. */
    SchedulerCatalog(Logger log) {
        this.log = log;
        builtIn("rr", context -> new RoundRobin());
        builtIn("wrr", context -> new WeightedRoundRobin());
        builtIn("lc", context -> LeastLoaded.byConnections());
        builtIn("wlc", context -> LeastLoaded.byWeightedConnections());
        builtIn("lblc", context -> new Locality(context, false));
        builtIn("lblcr", context -> new Locality(context, true));
        builtIn("dh", context -> new DestinationHash());
        builtIn("sh", SourceHash.FLAG_NAMES, SourceHash::new);
        builtIn("sed", context -> LeastLoaded.byExpectedDelay());
        builtIn("nq", context -> new NeverQueue());
        builtIn("fo", context -> new HighestWeight(false));
        builtIn("ovf", context -> new HighestWeight(true));
        builtIn("mh", Maglev.FLAG_NAMES, Maglev::new);
        builtIn("twos", context -> new TwoChoices(context.random()));
    }

    /** Adds what the loader finds; what is wrong with a provider is logged, and it left out. */
    SchedulerCatalog withProvidersOf(ClassLoader loader) {
        Iterator<SchedulerProvider> providers =
                ServiceLoader.load(SchedulerProvider.class, loader).iterator();
        int broken = 0;
        while (broken < MAX_BROKEN) {
            try {
                if (!providers.hasNext()) {
                    break;
                }
                add(providers.next());
            } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
                broken++;
                log.error("a scheduler is not loaded: {}", e.getMessage(), e.getCause());
            }
        }
        return this;
    }

    private void add(SchedulerProvider provider) {
        String name = provider.name();
        String origin = origin(provider);
        if (name == null || !isName(name)) {
            log.error(
                    "scheduler '{}' of {} is not loaded: a name has 1 to {} printable ASCII"
                            + " characters without a space, and is not 'none'",
                    name,
                    origin,
                    SchedulerProvider.MAX_NAME_LENGTH);
            return;
        }
        if (provider.flagNames().size() > Schedulers.FLAGS) {
            log.error(
                    "scheduler '{}' of {} is not loaded: it has {} flags, and a service has room"
                            + " for {}",
                    name,
                    origin,
                    provider.flagNames().size(),
                    Schedulers.FLAGS);
            return;
        }
        Registered first =
                registered.putIfAbsent(name, new Registered(provider, origin, new LongAdder()));
        if (first == null) {
            log.info("scheduler '{}' of {} is loaded", name, origin);
        } else {
            log.error(
                    "scheduler '{}' of {} is not loaded: {} has the name",
                    name,
                    origin,
                    first.origin());
        }
    }

    SortedMap<String, Long> failures() {
        SortedMap<String, Long> failures = new TreeMap<>();
        registered.forEach((name, entry) -> {
            if (!isBuiltIn(entry)) {
                failures.put(name, entry.failures().sum());
            }
        });
        return failures;
    }

    Collection<String> names() {
        return registered.keySet();
    }

    List<String> flagNames(String name) {
        return find(name).provider().flagNames();
    }

    Scheduler create(String name, SchedulerContext context) {
        Registered found = find(name);
        if (isBuiltIn(found)) {
            return found.provider().create(context);
        }
        try {
            return new GuardedScheduler(
                    name, found.provider().create(context), found.failures(), log);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            throw new IllegalArgumentException(
                    "scheduler '" + name + "' of " + found.origin() + " does not start: " + e, e);
        }
    }

    private Registered find(String name) {
        Registered found = registered.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "unknown scheduler '"
                            + name
                            + "'; known: "
                            + String.join(", ", registered.keySet()));
        }
        return found;
    }

    private void builtIn(String name, Function<SchedulerContext, Scheduler> maker) {
        builtIn(name, List.of(), maker);
    }

    private void builtIn(
            String name, List<String> flagNames, Function<SchedulerContext, Scheduler> maker) {
        BuiltIn provider = new BuiltIn(name, flagNames, maker);
        registered.put(name, new Registered(provider, "Tandem itself", new LongAdder()));
    }

    private static boolean isBuiltIn(Registered entry) {
        return entry.provider() instanceof BuiltIn;
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= SchedulerProvider.MAX_NAME_LENGTH
                && name.chars().allMatch(c -> c > ' ' && c < 0x7F)
                && !name.equals("none");
    }

    private static String origin(SchedulerProvider provider) {
        CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
        return provider.getClass().getName()
                + (source == null ? "" : " in " + source.getLocation());
    }
}
