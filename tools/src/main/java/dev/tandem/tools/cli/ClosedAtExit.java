package dev.tandem.tools.cli;

/**
 * Closes something at the end of a block, and also when the process is told to end within it, by
 * Ctrl-C for instance. Then both may happen, on two threads: what is closed must bear that.
 */
public final class ClosedAtExit implements AutoCloseable {
    private final Runnable close;
    private final Thread hook;

    /**
     * @param close run once at least
     */
    public ClosedAtExit(Runnable close) {
        this.close = close;
        hook = new Thread(close, "clean-up");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        close.run();
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the process ends, and the hook runs
        }
    }
}
