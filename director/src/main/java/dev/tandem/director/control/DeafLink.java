package dev.tandem.director.control;

import dev.tandem.sync.transport.SyncLink;
import dev.tandem.sync.transport.SyncLinkConfig;
import dev.tandem.sync.transport.SyncLinkCounters;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A sync link that leads nowhere: what is sent on it is gone, and nothing ever comes. */
final class DeafLink implements SyncLink {
    /** More than are ever claimed at a time. */
    private static final int BUFFERS = 8;

    private final ByteBuffer[] buffers = new ByteBuffer[BUFFERS];
    private int claimed;
    private long sent;

    DeafLink() {
        for (int i = 0; i < BUFFERS; i++) {
            buffers[i] = ByteBuffer.allocateDirect(SyncLinkConfig.DEFAULT_MAX_LENGTH);
        }
    }

    @Override
    public int streams() {
        return 1;
    }

    @Override
    public int stream(ByteBuffer datagram) {
        return 0;
    }

    @Override
    public ByteBuffer claim(int stream) {
        return buffers[claimed++ % BUFFERS].clear();
    }

    @Override
    public void send(ByteBuffer datagram) {
        sent++;
    }

    @Override
    public @Nullable ByteBuffer receive() {
        return null;
    }

    @Override
    public void release(ByteBuffer datagram) {}

    @Override
    public void onReceive(Runnable wakeUp) {}

    @Override
    public SyncLinkCounters counters() {
        return SyncLinkCounters.of(sent, 0, 0);
    }

    @Override
    public void close() {}
}
