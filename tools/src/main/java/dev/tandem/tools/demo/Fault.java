package dev.tandem.tools.demo;

import java.util.Locale;

/** What happens to the pair. */
enum Fault {
    /** Its process is killed with SIGKILL: it says no farewell and answers no more. */
    KILL("The master was killed"),
    /** It is told by its API to hand over, as before maintenance. */
    PLANNED("The addresses were handed over"),
    /** Its process is stopped with SIGSTOP: it is there, but it hangs. */
    HANG("The master was made to hang"),
    /** Every cable of it is pulled: its interfaces lose their carrier. */
    CABLE("The master's cables were pulled", true, true),
    /** The link to the other nodes is cut, that to clients and servers is not. */
    PARTITION("The master was cut off from the other nodes", true, true),
    /** The backup hears nobody any more, and is heard: it must not take over. */
    DEAF("The backup was made deaf", true, false),
    /** The witness's process is killed: the directors are a majority without it. */
    WITNESS_LOSS("The witness was killed", true, false);

    private final String sentence;
    private final boolean needsWitness;
    private final boolean moves;

    Fault(String sentence) {
        this(sentence, false, true);
    }

    Fault(String sentence, boolean needsWitness, boolean moves) {
        this.sentence = sentence;
        this.needsWitness = needsWitness;
        this.moves = moves;
    }

    /** Whether it takes a witness to come through it with one owner. */
    boolean needsWitness() {
        return needsWitness;
    }

    /** Whether the addresses move. */
    boolean moves() {
        return moves;
    }

    /** What happened, as the beginning of a sentence. */
    String sentence() {
        return sentence;
    }

    /** The name as it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
