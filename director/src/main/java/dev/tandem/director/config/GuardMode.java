package dev.tandem.director.config;

/** Whether packets are hidden from the host's stack that the director takes. */
public enum GuardMode {
    /** When and as long as the stack would do something about them. */
    AUTO,
    /** Never: the host hides them by rules of its own, or the user knows why it need not. */
    OFF
}
