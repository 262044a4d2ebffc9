package dev.tandem.tools.sync;

import dev.tandem.sync.hardening.TrailerView;
import dev.tandem.sync.wire.SyncRecord;
import org.jspecify.annotations.Nullable;

/** The form in which a dump is written. */
interface DumpOutput {
    /** A record that a backup would take. */
    void record(Heard heard, int index, int offset, SyncRecord record);

    /**
     * A datagram or record that a backup would not take, or bytes that it would not look at.
     *
     * @param index the record's number in the datagram, -1 when it is none
     * @param offset bytes from the datagram's start
     * @param record the record when its fields can be read
     */
    void fault(
            Heard heard,
            String error,
            String reason,
            int index,
            int offset,
            @Nullable SyncRecord record);

    /**
     * What a hardened message says of itself behind its records.
     *
     * @param signature GOOD, or what is wrong with it; null when there was no key to tell
     */
    void trailer(Heard heard, TrailerView trailer, @Nullable String signature);

    /** The datagram is over. */
    void end();
}
