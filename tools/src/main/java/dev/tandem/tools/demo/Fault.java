package dev.tandem.tools.demo;

import java.util.Locale;

/** What happens to the master. */
enum Fault {
    /** Its process is killed with SIGKILL: it says no farewell and answers no more. */
    KILL("The master was killed"),
    /** It is told by its API to hand over, as before maintenance. */
    PLANNED("The addresses were handed over"),
    /** Its process is stopped with SIGSTOP: it is there, but it hangs. */
    HANG("The master was made to hang");

    private final String sentence;

    Fault(String sentence) {
        this.sentence = sentence;
    }

    /** What happened, as the beginning of a sentence. */
    String sentence() {
        return sentence;
    }

    /** The name as it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
