package dev.tandem.tools.demo.lab;

import java.util.Locale;

/** Who decides between directors that do not hear each other. */
public enum Arbiter {
    /** Nobody: each goes by what it hears. */
    NONE,
    /** A third node, which votes. */
    WITNESS,
    /** The clients' host, by whom it answers. */
    GATEWAY;

    /** The name as it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
