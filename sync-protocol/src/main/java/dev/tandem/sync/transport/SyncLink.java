package dev.tandem.sync.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a worker needs of the sockets that carry sync messages. {@link #claim}, {@link #send},
 * {@link #receive}, {@link #stream} and {@link #release} belong to one thread, the worker; they
 * neither block nor allocate, and troubles of the sockets never reach them: they are counted. The
 * other methods may be called from anywhere.
 *
 * <p>A link has one or more streams, on the wire one UDP port each. Messages of one stream keep
 * their order, those of different ones need not: what is said of a connection goes over one stream
 * always.
 */
public interface SyncLink extends AutoCloseable {
    /** How many streams there are, 1 to 64, a power of two. */
    int streams();

    /**
     * An empty direct buffer to write one message into, to be given to {@link #send}; null when all
     * are on their way, which is counted as a drop. Several may be claimed at a time.
     *
     * <p>The limit is the longest message that is to be sent. When not even one record fits, as
     * with a very small maximum length, it may be raised up to the capacity, as the kernel does.
     *
     * @param stream 0 to {@link #streams} less 1
     */
    @Nullable ByteBuffer claim(int stream);

    /** A buffer for the first stream. */
    default @Nullable ByteBuffer claim() {
        return claim(0);
    }

    /** The stream for which a buffer was claimed, or on which it was received. */
    int stream(ByteBuffer datagram);

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
