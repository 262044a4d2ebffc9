package dev.tandem.failover.core;

/**
 * What a node is at present. The code is what travels in the heartbeat, so it never changes; who
 * may follow whom is the table in {@link FailoverMachine}.
 */
public enum State {
    /** Just started: listens for a detection time before it believes that nobody is there. */
    INIT(1),
    /** Follows a master, or waits for one; ready to take over. */
    BACKUP(2),
    /** Has lost its master and asks the wire whether the addresses are really free. */
    CANDIDATE(3),
    /** Owns the addresses, as long as its lease lasts. */
    MASTER(4),
    /** Was told to pass the addresses on, and is doing so. */
    HANDOVER(5),
    /** Was a master and slept past its lease: looks round before it believes anything. */
    FENCED(6),
    /** Its director cannot work; or it was a master, and is cut off from gateway and peers. */
    FAULT(7),
    /** Left; a heartbeat with this state is the goodbye. */
    STOPPED(8),
    /** Votes, and does nothing else. */
    WITNESS(9),
    /** Pulls the table of the master, and may not take its place before it has all of it. */
    SYNCING(10),
    /** Kept from owning the addresses by the operator; follows, and votes. */
    MAINTENANCE(11);

    private static final State[] BY_CODE = new State[12];

    static {
        for (State state : values()) {
            BY_CODE[state.code] = state;
        }
    }

    private final int code;

    State(int code) {
        this.code = code;
    }

    /** The number of this state in a heartbeat, 1 to 11. */
    public int code() {
        return code;
    }

    /** Whether {@code code} is the number of a state. */
    public static boolean isCode(int code) {
        return code > 0 && code < BY_CODE.length;
    }

    /**
     * The state with this number.
     *
     * @throws IllegalArgumentException for any other number; ask {@link #isCode} first
     */
    public static State ofCode(int code) {
        if (!isCode(code)) {
            throw new IllegalArgumentException("no state has the code " + code);
        }
        return BY_CODE[code];
    }

    /** Whether the table in {@link FailoverMachine} lets {@code next} follow this state. */
    boolean mayBecome(State next) {
        return switch (this) {
            case INIT -> next == SYNCING || next == BACKUP || isEnd(next);
            case SYNCING -> next == BACKUP || isEnd(next);
            case BACKUP -> next == CANDIDATE || next == MASTER || next == SYNCING || isEnd(next);
            case CANDIDATE -> next == MASTER || next == BACKUP || next == SYNCING || isEnd(next);
            case MASTER ->
                    next == HANDOVER
                            || next == BACKUP
                            || next == FENCED
                            || next == FAULT
                            || next == STOPPED;
            case HANDOVER -> next == BACKUP || next == MASTER || next == FENCED || isEnd(next);
            case FENCED -> next == MASTER || next == BACKUP || next == FAULT || next == STOPPED;
            case FAULT -> next == INIT || next == WITNESS || next == MAINTENANCE || next == STOPPED;
            case MAINTENANCE -> next == INIT || next == FAULT || next == STOPPED;
            case WITNESS -> next == FAULT || next == STOPPED;
            case STOPPED -> false;
        };
    }

    /** What a fault, the operator or the end of the process may make of almost any state. */
    private static boolean isEnd(State next) {
        return next == MAINTENANCE || next == FAULT || next == STOPPED;
    }
}
