package dev.tandem.director.config;

import java.util.function.UnaryOperator;

/**
 * The settings that hold now: one reference that the worker reads and any thread may replace.
 * Whoever asks for several settings of one packet takes {@link #now} once.
 */
public final class LiveSettings {
    /** Written with the lock held. */
    private volatile DirectorSettings now;

    public LiveSettings(DirectorSettings settings) {
        this.now = settings;
    }

    /** What holds at this moment. */
    public DirectorSettings now() {
        return now;
    }

    /** One setting at this moment. */
    public int get(Setting setting) {
        return now.get(setting);
    }

    /** Whether a setting is not 0 at this moment. */
    public boolean is(Setting setting) {
        return now.is(setting);
    }

    /** From now on these hold. */
    public synchronized void replace(DirectorSettings settings) {
        now = settings;
    }

    /**
     * Makes others of those that hold, with nobody's change in between; none when {@code change}
     * throws.
     *
     * @return what held before
     */
    public synchronized DirectorSettings update(UnaryOperator<DirectorSettings> change) {
        DirectorSettings before = now;
        now = change.apply(before);
        return before;
    }
}
