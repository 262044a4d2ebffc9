package dev.tandem.sync.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a worker needs of a socket that carries sync messages. {@link #claim}, {@link #send}, {@link
 * #receive} and {@link #release} belong to one thread, the worker; they neither block nor allocate,
 * and troubles of the socket never reach them: they are counted. The other methods may be called
 * from anywhere.
 */
public interface SyncLink extends AutoCloseable {
    /**
     * An empty direct buffer to write one message into, to be given to {@link #send}; null when all
     * are on their way, which is counted as a drop.
     */
    @Nullable ByteBuffer claim();

    /** Hands a claimed buffer, position to limit, over to be sent. It must not be touched again. */
    void send(ByteBuffer datagram);

    /**
     * The next received message, position to limit, to be given back to {@link #release}; null when
     * none is waiting.
     */
    @Nullable ByteBuffer receive();

    /** Gives a buffer back that {@link #receive} returned. */
    void release(ByteBuffer datagram);

    /**
     * Says what to run after messages have arrived, to wake a sleeping worker. It runs on the
     * receiving thread, at least once after the last arrival, and must be quick.
     */
    void onReceive(Runnable wakeUp);

    /** Numbers since the link was opened. */
    SyncLinkCounters counters();

    /** Sends what was handed over, as far as that goes quickly, and closes the sockets. */
    @Override
    void close();
}
