package dev.tandem.tools.cli;

/** on, off. */
public enum Switch {
    ON,
    OFF;

    /** For the options and parameters that take one. */
    public static final class Converter extends Words<Switch> {
        public Converter() {
            super(Switch.class);
        }
    }
}
