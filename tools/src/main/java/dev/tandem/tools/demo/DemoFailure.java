package dev.tandem.tools.demo;

/** The demo could not run; the message says why, for the person who started it. */
public final class DemoFailure extends Exception {
    private static final long serialVersionUID = 1;

    public DemoFailure(String message) {
        super(message);
    }
}
