package dev.tandem.director.sync;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.EngineData;
import dev.tandem.director.conn.EntryAddresses6;
import dev.tandem.director.conn.EntryDetails;
import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncOption;
import dev.tandem.sync.wire.SyncRecord;

/** Writes entries of every kind as records of a message. Worker thread only; allocates nothing. */
final class RecordWriter {
    private static final int SEQUENCE_FLAGS = SyncFlags.IN_SEQ | SyncFlags.OUT_SEQ;

    private final SyncRecord record = new SyncRecord();
    private final EngineData engine = new EngineData();
    private final byte[] engineData = new byte[SyncOption.MAX_PE_DATA_LENGTH];
    private final byte[] engineName = new byte[SyncOption.MAX_PE_NAME_LENGTH];

    /** Bytes of the options that the entry's record needs. */
    int optionsLength(long entry) {
        EntryDetails.engine(entry, engine);
        return SyncOption.length(hasSequence(entry), engine.dataLength(), engine.nameLength());
    }

    /**
     * Appends the entry to the message.
     *
     * @param optionsLength what {@link #optionsLength} said of it just before
     * @return false when the message is full
     */
    boolean append(long entry, int optionsLength, SyncEncoder encoder) {
        boolean ipv6 = ConnectionEntry.isIpv6(entry);
        if (!encoder.claim(record, ipv6, optionsLength)) {
            return false;
        }
        record.protocol(ConnectionEntry.protocol(entry))
                .flags(ConnectionEntry.flags(entry))
                .state(ConnectionEntry.state(entry))
                .clientPort(ConnectionEntry.clientPort(entry))
                .virtualPort(ConnectionEntry.virtualPort(entry))
                .realPort(ConnectionEntry.realPort(entry))
                .fwmark(EntryDetails.fwmark(entry))
                .timeoutSeconds(ConnectionEntry.timeoutSeconds(entry));
        if (ipv6) {
            writeAddresses6(entry);
        } else {
            record.clientAddress(ConnectionEntry.clientAddress(entry))
                    .virtualAddress(ConnectionEntry.virtualAddress(entry))
                    .realAddress(ConnectionEntry.realAddress(entry));
        }
        if (optionsLength > 0) {
            writeOptions(entry, encoder);
        }
        return true;
    }

    private void writeAddresses6(long entry) {
        record.clientAddress(EntryAddresses6.clientHigh(entry), EntryAddresses6.clientLow(entry))
                .virtualAddress(
                        EntryAddresses6.virtualHigh(entry), EntryAddresses6.virtualLow(entry))
                .realAddress(EntryAddresses6.realHigh(entry), EntryAddresses6.realLow(entry));
    }

    private void writeOptions(long entry, SyncEncoder encoder) {
        if (hasSequence(entry)) {
            encoder.appendSequence(
                    EntryDetails.sequence(entry, 0),
                    EntryDetails.sequence(entry, 1),
                    EntryDetails.sequence(entry, 2),
                    EntryDetails.sequence(entry, 3),
                    EntryDetails.sequence(entry, 4),
                    EntryDetails.sequence(entry, 5));
        }
        if (!engine.isEmpty()) {
            engine.copyData(engineData);
            engine.copyName(engineName);
            encoder.appendEngine(engineData, engine.dataLength(), engineName, engine.nameLength());
        }
    }

    /** The kernel's rule: the flags say that there are sequence data, all zero for want of any. */
    private static boolean hasSequence(long entry) {
        return (ConnectionEntry.flags(entry) & SEQUENCE_FLAGS) != 0;
    }
}
