package dev.tandem.failover.simulation;

/** An invariant that did not hold; the message has the scene and what led to it. */
public final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;
    private final String invariant;

    Violation(String invariant, String scene) {
        super(invariant + ": " + scene);
        this.invariant = invariant;
    }

    /** Which one. */
    public String invariant() {
        return invariant;
    }
}
