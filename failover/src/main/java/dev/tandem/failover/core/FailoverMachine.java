package dev.tandem.failover.core;

/** The failover state machine. */
public final class FailoverMachine {
    private FailoverMachine() {}
}
