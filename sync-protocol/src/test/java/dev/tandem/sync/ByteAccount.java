package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.sync.wire.SyncRecord;
import java.nio.ByteBuffer;

/** Says of each byte of a datagram what it was to the decoder, and that it was one thing only. */
final class ByteAccount {
    private static final byte UNEXPLAINED = 0;
    private static final byte HEADER = 1;
    private static final byte FIELD = 2;
    private static final byte OPTION = 3;
    private static final byte PADDING = 4;
    private static final byte TRAILER = 5;
    private static final int KINDS = 6;

    private final int[] total = new int[KINDS];
    private byte[] kinds = {};
    private int end;

    int optionBytes() {
        return total[OPTION];
    }

    int paddingBytes() {
        return total[PADDING];
    }

    int trailerBytes() {
        return total[TRAILER];
    }

    /** Decodes, with every byte of what is accepted accounted for. */
    SyncVerdict decode(
            SyncDecoder decoder, ByteBuffer datagram, int syncId, SyncRecordHandler handler) {
        kinds = new byte[datagram.remaining()];
        end = datagram.get(0) == 0 ? 8 : 4;
        mark(0, end, HEADER);
        SyncVerdict verdict =
                decoder.decode(
                        datagram,
                        syncId,
                        record -> {
                            account(decoder, datagram, record);
                            handler.onRecord(record);
                        });
        if (verdict == SyncVerdict.ACCEPTED) {
            assertEquals(end, decoder.readLength());
            mark(end, kinds.length, TRAILER);
            for (byte kind : kinds) {
                total[kind]++;
            }
            assertEquals(0, total[UNEXPLAINED]);
        }
        return verdict;
    }

    private void account(SyncDecoder decoder, ByteBuffer datagram, SyncRecord record) {
        int start = decoder.recordOffset();
        for (int i = end; i < start; i++) {
            assertEquals(0, datagram.get(i), "a kernel pads with zeros");
        }
        mark(end, start, PADDING);
        if (decoder.version() == 0) {
            end = start + (record.options().hasSequence() ? 48 : 24);
            mark(start, start + 24, FIELD);
            mark(start + 24, end, OPTION);
        } else {
            int fixed = record.isIpv6() ? 72 : 36;
            end = start + record.length();
            mark(start, start + fixed, FIELD);
            mark(start + fixed, end, OPTION);
        }
    }

    private void mark(int from, int to, byte kind) {
        for (int i = from; i < to; i++) {
            assertEquals(UNEXPLAINED, kinds[i], "byte " + i + " is two things");
            kinds[i] = kind;
        }
    }
}
