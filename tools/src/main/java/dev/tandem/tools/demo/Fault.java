package dev.tandem.tools.demo;

import dev.tandem.tools.cli.Words;
import dev.tandem.tools.demo.lab.Arbiter;

/** What happens to the pair. */
enum Fault {
    /** Its process is killed with SIGKILL: it says no farewell and answers no more. */
    KILL("The master was killed", Arbiter.NONE, 1, 100),
    /** It is told by its API to hand over, as before maintenance. */
    PLANNED("The addresses were handed over", Arbiter.NONE, 1, 3),
    /** Its process is stopped with SIGSTOP: it is there, but it hangs. */
    HANG("The master was made to hang", Arbiter.NONE, 1, 450),
    /** Every cable of it is pulled: its interfaces lose their carrier. */
    CABLE("The master's cables were pulled", Arbiter.WITNESS, 1, 450),
    /** It is cut off from the other nodes on every wire, not from clients and servers. */
    PARTITION("The master was cut off from the other nodes", Arbiter.WITNESS, 1, 450),
    /**
     * As by a broken switch: it is cut off from everybody, and its interfaces keep their carrier.
     */
    CUT_OFF("The master was cut off from everybody", Arbiter.GATEWAY, 1, 450),
    /** The backup hears nobody any more, and is heard: it must not take over. */
    DEAF("The backup was made deaf", Arbiter.WITNESS, 0, Fault.NOISE_MS),
    /**
     * It is killed and started again at once, and prefers itself: it must have its backup's
     * connections before it takes the addresses back.
     */
    RESTART("The master was killed and started again", Arbiter.NONE, 2, 100),
    /** The witness's process is killed: the directors are a majority without it. */
    WITNESS_LOSS("The witness was killed", Arbiter.WITNESS, 0, Fault.NOISE_MS);

    /** Longest wait for an answer of an undisturbed director on two busy processors. */
    private static final int NOISE_MS = 10;

    private final String sentence;
    private final Arbiter arbiter;
    private final int moves;
    private final int barMs;

    Fault(String sentence, Arbiter arbiter, int moves, int barMs) {
        this.sentence = sentence;
        this.arbiter = arbiter;
        this.moves = moves;
        this.barMs = barMs;
    }

    /** Who has to decide for the pair to come through it with one owner. */
    Arbiter arbiter() {
        return arbiter;
    }

    /**
     * Whether the master merely falls silent: a pair lets that pass for a while after a failover.
     */
    boolean silent() {
        return this == HANG || this == CABLE || this == PARTITION || this == CUT_OFF;
    }

    /** How often the addresses move; after two moves they are where they were. */
    int moves() {
        return moves;
    }

    /** What the median of the gaps shall not exceed, in milliseconds. */
    int barMs() {
        return barMs;
    }

    /** What happened, as the beginning of a sentence. */
    String sentence() {
        return sentence;
    }

    /** The name as it is typed. */
    @Override
    public String toString() {
        return Words.word(this);
    }
}
