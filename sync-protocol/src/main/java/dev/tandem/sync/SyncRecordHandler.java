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
     * One record that was refused alone ({@link SyncVerdict.Loss#RECORD}); for tools that show it.
     * Its fixed fields can be read as in {@link #onRecord}, where it stood the decoder says. Of its
     * options those before the fault.
     */
    default void onSkipped(SyncRecord record, SyncVerdict verdict) {}

    /**
     * The fault that ended the reading: everything from {@code offset} on was refused; for tools
     * that show it. Not called when the datagram was read to its end.
     *
     * @param offset bytes from the datagram's start to the record; 0 for the datagram as a whole
     * @param index the record's number in the datagram, from 0; -1 for the datagram as a whole
     */
    default void onRefused(SyncVerdict verdict, int offset, int index) {}
}
