package dev.tandem.sync;

import dev.tandem.sync.wire.SyncRecord;

/** Takes the good records of a datagram, in order, on the thread that called the decoder. */
@FunctionalInterface
public interface SyncRecordHandler {
    /**
     * One record that passed every check. It is a view of the datagram and valid during this call
     * only. The same connection may come several times in one datagram; the last one counts.
     */
    void onRecord(SyncRecord record);
}
