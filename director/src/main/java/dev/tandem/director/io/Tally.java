package dev.tandem.director.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number with one writing thread that any thread may read. */
public final class Tally {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Tally.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // through VALUE
    private long value;

    /** Writing thread only. */
    public void add(long amount) {
        VALUE.setOpaque(this, (long) VALUE.get(this) + amount);
    }

    /** Writing thread only. */
    public void set(long value) {
        VALUE.setOpaque(this, value);
    }

    /** Any thread; may be a little old. */
    public long get() {
        return (long) VALUE.getOpaque(this);
    }
}
