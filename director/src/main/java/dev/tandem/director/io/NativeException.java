package dev.tandem.director.io;

import java.io.IOException;

/** A system call that failed. */
public final class NativeException extends IOException {
    private final int errno;

    NativeException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    /** One of {@link Errno}, or another number of errno(3). */
    public int errno() {
        return errno;
    }
}
