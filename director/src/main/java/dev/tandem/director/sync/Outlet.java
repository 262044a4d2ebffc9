package dev.tandem.director.sync;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where a stream's messages go. */
interface Outlet {
    /** An empty buffer, cleared, or null when none is free. */
    @Nullable ByteBuffer claim();

    /** Takes a message that was written into a claimed buffer, from position to limit. */
    void send(ByteBuffer message);
}
