package dev.tandem.tools.demo.load;

/** Why a connection counts as lost. */
public enum Loss {
    /** It was never established. */
    REFUSED("not established"),
    /** Its other end, or somebody on the way, sent a reset, or its kernel gave it up. */
    RESET("reset"),
    /** The server ended it. */
    CLOSED("closed by the server"),
    /** An echo was not what it had to be. */
    CORRUPT("wrong bytes"),
    /** It is open still, but what was sent was not answered in time. */
    SILENT("silent");

    private final String words;

    Loss(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
