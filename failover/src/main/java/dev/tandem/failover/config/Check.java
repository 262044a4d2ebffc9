package dev.tandem.failover.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a node keeps an eye on besides its director, in keepalived's sense of tracking.
 *
 * <p>The weight is keepalived's: 0 means that the node goes FAULT while the check fails; a positive
 * one is added to the priority while the check succeeds, a negative one while it fails.
 */
public sealed interface Check {
    /** Largest weight, and the smallest without its sign. */
    int MAX_WEIGHT = 253;

    /** By which people know it; unique on a node. */
    String name();

    /** -253 to 253; 0: its failure is a fault. */
    int weight();

    /** Whether its failure is a fault of the node. */
    default boolean isFault() {
        return weight() == 0;
    }

    /** Fails while the interface is missing, down or without carrier; judged as that happens. */
    record Interface(String interfaceName, int weight) implements Check {
        @Override
        public String name() {
            return "interface " + interfaceName;
        }
    }

    /**
     * Fails while no such process runs.
     *
     * @param process as in /proc/PID/comm: the first 15 bytes of the program's name
     * @param pidFile whose first line is the process id; null: any process of that name
     */
    record Running(String process, @Nullable Path pidFile, int weight, Pace pace) implements Check {
        @Override
        public String name() {
            return "process " + (pidFile == null ? process : "of " + pidFile);
        }
    }

    /**
     * Fails while a program ends with another exit code than 0, or not in time.
     *
     * @param command an absolute path and arguments
     * @param timeoutMs it is killed then, and has failed
     */
    record Script(String label, List<String> command, int weight, int timeoutMs, Pace pace)
            implements Check {
        public Script {
            command = List.copyOf(command);
        }

        @Override
        public String name() {
            return "script " + label;
        }
    }

    /**
     * How often a check is made and how soon it is believed.
     *
     * @param intervalMs from the end of one to the beginning of the next
     * @param rise so many successes in a row after a failure make it succeed
     * @param fall so many failures in a row after a success make it fail
     */
    record Pace(int intervalMs, int rise, int fall) {}
}
