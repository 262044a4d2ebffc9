package dev.tandem.failover.simulation;

/** A scenario that cannot be read; the message says where and why, and what could stand there. */
public final class ScenarioException extends Exception {
    private static final long serialVersionUID = 1;

    ScenarioException(int line, String what) {
        super("line %d: %s".formatted(line, what));
    }
}
