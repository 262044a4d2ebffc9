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

    /**
     * A record that was refused, or the datagram as a whole; for tools that show what was wrong and
     * where. Counters have counted it in any case.
     *
     * @param verdict why, and by {@link SyncVerdict#loss} what it cost
     * @param offset bytes from the datagram's start to the record's; 0 for the datagram
     * @param index the record's number in the datagram, from 0; -1 for the datagram
     */
    default void onRefused(SyncVerdict verdict, int offset, int index) {}
}
