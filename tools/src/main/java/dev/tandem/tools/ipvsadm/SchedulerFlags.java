package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.Ipvs;
import java.util.ArrayList;
import java.util.List;

/** The names of the three flags that mean something to a scheduler; sh and mh have their own. */
final class SchedulerFlags {
    /** One flag's names. */
    private record Flag(int bit, String plain, String suffix) {}

    private static final List<Flag> FLAGS =
            List.of(
                    new Flag(Ipvs.SCHEDULER_1, "flag-1", "-fallback"),
                    new Flag(Ipvs.SCHEDULER_2, "flag-2", "-port"),
                    new Flag(Ipvs.SCHEDULER_3, "flag-3", ""));

    private SchedulerFlags() {}

    /**
     * The bit of a name.
     *
     * @param scheduler as it was given, empty when it was not
     */
    static int read(String name, String scheduler) throws Failure {
        for (Flag flag : FLAGS) {
            if (name.equals(flag.plain())) {
                return flag.bit();
            }
            for (String owner : List.of("sh", "mh")) {
                if (!flag.suffix().isEmpty() && name.equals(owner + flag.suffix())) {
                    if (!scheduler.equals(owner)) {
                        throw Failure.usage("incompatible scheduler flag `%s'".formatted(name));
                    }
                    return flag.bit();
                }
            }
        }
        throw Failure.usage("invalid scheduler flag `%s'".formatted(name));
    }

    /** The names with commas between; empty when no flag is set. */
    static String text(Ipvs.ServiceSettings settings) {
        String scheduler = settings.scheduler();
        boolean named = scheduler.equals("sh") || scheduler.equals("mh");
        List<String> names = new ArrayList<>();
        for (Flag flag : FLAGS) {
            if (settings.has(flag.bit())) {
                names.add(
                        named && !flag.suffix().isEmpty()
                                ? scheduler + flag.suffix()
                                : flag.plain());
            }
        }
        return String.join(",", names);
    }
}
