package dev.tandem.sync;

import static dev.tandem.sync.wire.SyncOption.HEADER_LENGTH;
import static dev.tandem.sync.wire.SyncOption.LENGTH_OFFSET;
import static dev.tandem.sync.wire.SyncOption.MAX_PE_NAME_LENGTH;
import static dev.tandem.sync.wire.SyncOption.OPTIONAL;
import static dev.tandem.sync.wire.SyncOption.SEQ_DATA_LENGTH;

import dev.tandem.sync.wire.SyncOption;
import dev.tandem.sync.wire.SyncOptions;
import java.nio.ByteBuffer;

/** Walks the options of one record in the kernel's order of checks. */
final class OptionReader {
    private OptionReader() {}

    /**
     * Notes in {@code options} what stands between {@code from} and {@code to} of the buffer. Stops
     * at the first fault, as the kernel does: options after an unknown one are not looked at.
     */
    static SyncVerdict read(ByteBuffer buffer, int from, int to, SyncOptions options) {
        int at = from;
        while (at < to) {
            if (to - at < HEADER_LENGTH) {
                return SyncVerdict.OPTION_CUT;
            }
            int type = Byte.toUnsignedInt(buffer.get(at + SyncOption.TYPE_OFFSET));
            int length = Byte.toUnsignedInt(buffer.get(at + LENGTH_OFFSET));
            at += HEADER_LENGTH;
            if (length == 0 || length > to - at) {
                return SyncVerdict.OPTION_LENGTH;
            }
            SyncVerdict verdict = note(type, at, length, options);
            if (verdict != SyncVerdict.ACCEPTED) {
                return verdict;
            }
            at += length;
        }
        return SyncVerdict.ACCEPTED;
    }

    private static SyncVerdict note(int type, int at, int length, SyncOptions options) {
        switch (type & ~OPTIONAL) {
            case SyncOption.SEQ_DATA -> {
                if (length != SEQ_DATA_LENGTH || options.hasSequence()) {
                    return SyncVerdict.OPTION_SEQUENCE;
                }
                options.foundSequence(at);
            }
            case SyncOption.PE_DATA -> {
                if (options.hasEngineData()) {
                    return SyncVerdict.OPTION_ENGINE_DATA;
                }
                options.foundEngineData(at, length);
            }
            case SyncOption.PE_NAME -> {
                if (length > MAX_PE_NAME_LENGTH || options.hasEngineName()) {
                    return SyncVerdict.OPTION_ENGINE_NAME;
                }
                options.foundEngineName(at, length);
            }
            default -> {
                if ((type & OPTIONAL) == 0) {
                    return SyncVerdict.OPTION_UNKNOWN;
                }
                options.foundUnknown();
            }
        }
        return SyncVerdict.ACCEPTED;
    }
}
