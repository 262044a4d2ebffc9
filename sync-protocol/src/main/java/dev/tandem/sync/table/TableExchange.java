package dev.tandem.sync.table;

import dev.tandem.sync.hardening.SyncKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a director's worker finds the peers that want its table, or the one whose table it wants.
 * Nothing here blocks.
 */
public interface TableExchange extends AutoCloseable {
    /** What came of looking for a master. */
    enum Search {
        /** Not all peers have been asked, or one of them may be a master and could not be asked. */
        LOOKING,
        /** No peer is a master: none runs there, or it says so, or none could be reached in 3 s. */
        NOBODY,
        /** One is, and {@link #nextMaster} gave, or gives, a connection to it. */
        FOUND
    }

    /**
     * Serves whoever asks if it is a master, looks for one otherwise, and starts over with that.
     */
    void master(boolean on);

    /** A peer that wants this node's table, its first question waiting; null when there is none. */
    @Nullable TablePipe nextAsker();

    /** A master, its first digests waiting; null when there is none. */
    @Nullable TablePipe nextMaster();

    Search search();

    /** Why the last peer that could not be asked could not; empty when there was none. */
    String trouble();

    /** Who is woken when something came. */
    void onEvent(Runnable wakeUp);

    /** Replaces the keys, and has connections made anew with them; any thread. */
    void keys(List<SyncKey> keys);

    /** What happened so far, by words; any thread. */
    Map<String, Long> counters();

    @Override
    void close();
}
