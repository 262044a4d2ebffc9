package dev.tandem.tools.bench.sync;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Two moments of each connection, in a file that the generator's process and the backup's have
 * mapped: {@link System#nanoTime} is one clock for all processes and namespaces of a machine
 * (CLOCK_MONOTONIC).
 *
 * <pre>
 *   8 * n               s64  when the packet was sent that makes connection n worth a record; 0 before
 *   8 * (count + n)     s64  when its entry was first applied on the backup; 0 before
 * </pre>
 */
final class Stamps {
    private static final VarHandle LONGS =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final int count;
    private final MappedByteBuffer file;

    /**
     * Maps the file, and makes it when there is none.
     *
     * @param count connections, the same for everyone
     */
    Stamps(Path path, int count) throws IOException {
        this.count = count;
        try (FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            file = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2L * Long.BYTES * count);
        }
    }

    /** Writes every page once, so that none has to be found while it is measured. */
    void clear() {
        for (int i = 0; i < 2 * count; i++) {
            set(i, 0);
        }
    }

    void sent(int connection, long nowNs) {
        set(connection, nowNs);
    }

    /** Later records of the connection change nothing; neither do connections there are none of. */
    void applied(int connection, long nowNs) {
        if (connection >= 0 && connection < count && applied(connection) == 0) {
            set(count + connection, nowNs);
        }
    }

    long sent(int connection) {
        return get(connection);
    }

    long applied(int connection) {
        return get(count + connection);
    }

    private long get(int index) {
        return (long) LONGS.getAcquire(file, index * Long.BYTES);
    }

    private void set(int index, long value) {
        LONGS.setRelease(file, index * Long.BYTES, value);
    }
}
