package dev.tandem.sync;

import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncOptions;
import dev.tandem.sync.wire.SyncRecord;

/** Everything a record means, on one line; records that mean the same have the same text. */
final class RecordText {
    private RecordText() {}

    static String of(SyncRecord record) {
        String text =
                "%d %x %d %d %d %d %d %d %s %s %s"
                        .formatted(
                                record.protocol(),
                                record.flags() & ~SyncFlags.HASHED, // never sent
                                record.state(),
                                record.clientPort(),
                                record.virtualPort(),
                                record.realPort(),
                                record.fwmark(),
                                record.timeoutSeconds(),
                                TestAddress.client(record),
                                TestAddress.virtual(record),
                                TestAddress.real(record));
        SyncOptions options = record.options();
        if (options.hasSequence()) {
            text +=
                    " in %x %d %d out %x %d %d"
                            .formatted(
                                    options.inInitialSequence(),
                                    options.inDelta(),
                                    options.inPreviousDelta(),
                                    options.outInitialSequence(),
                                    options.outDelta(),
                                    options.outPreviousDelta());
        }
        if (options.hasEngineData()) {
            text += " engine " + TestEngine.name(options) + " " + TestEngine.data(options);
        }
        return text;
    }
}
