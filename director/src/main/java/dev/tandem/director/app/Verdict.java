package dev.tandem.director.app;

/** What a helper made of a packet. */
public enum Verdict {
    /** Go on with the packet, which may lie in another frame now. */
    PASS,
    /** The packet has become an answer to its sender: send it back where it came from. */
    ANSWER,
    /** Drop it. */
    DROP
}
