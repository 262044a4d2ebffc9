package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncRecord;
import dev.tandem.sync.wire.SyncState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What holds of every datagram, whatever its bytes: nothing is thrown, all offsets lie within it,
 * the counters add up, what is handed over is sound, and written again it means the same.
 */
final class DecoderInvariants implements SyncRecordHandler {
    private final SyncDecoder decoder = new SyncDecoder("sip");
    private final byte[] bytes;
    private final int version;
    private final List<String> taken = new ArrayList<>();
    private final int[] refused = new int[SyncVerdict.values().length];
    private int nextIndex;
    private int nextOffset = 4;
    private final Copier copier;
    private boolean ended;

    private DecoderInvariants(byte[] bytes) {
        this.bytes = bytes;
        this.version = bytes.length > 0 && bytes[0] != 0 ? 0 : 1;
        this.copier = new Copier(1, version, bytes.length);
    }

    /**
     * Decodes the datagram and checks all of it.
     *
     * @return records taken
     */
    static int check(byte[] bytes, int ownSyncId) {
        return new DecoderInvariants(bytes).decode(ownSyncId);
    }

    private int decode(int ownSyncId) {
        byte[] before = bytes.clone();
        ByteBuffer datagram = ByteBuffer.wrap(bytes);

        SyncVerdict verdict = decoder.decode(datagram, ownSyncId, this);

        assertArrayEquals(before, bytes);
        assertEquals(0, datagram.position());
        assertEquals(bytes.length, datagram.limit());
        boolean accepted = verdict == SyncVerdict.ACCEPTED;
        assertEquals(ended, !accepted);
        assertTrue(verdict.loss() != SyncVerdict.Loss.RECORD);
        assertEquals(accepted, decoder.errorOffset() == SyncDecoder.NO_ERROR);
        assertTrue(decoder.errorOffset() <= bytes.length + 3, "the record could begin there");
        assertTrue(decoder.readLength() >= 0 && decoder.readLength() <= bytes.length);
        boolean header = verdict.loss() != SyncVerdict.Loss.DATAGRAM;
        assertEquals(header ? version : SyncDecoder.NO_VERSION, decoder.version());
        assertCounters(verdict);
        assertSameAgain();
        return taken.size();
    }

    private void assertCounters(SyncVerdict verdict) {
        SyncCounters counters = decoder.counters();
        assertEquals(1, counters.datagrams());
        assertEquals(taken.size(), counters.records());
        assertEquals(decoder.version() == 0 ? 1 : 0, counters.version0());
        for (SyncVerdict each : SyncVerdict.values()) {
            int expected = refused(each) + (each == verdict && !ended ? 1 : 0);
            assertEquals(expected, counters.of(each), each.name());
        }
    }

    private void assertSameAgain() {
        List<String> again = new ArrayList<>();
        SyncDecoder second = new SyncDecoder("sip");
        ByteBuffer copy = ByteBuffer.wrap(copier.finish());
        SyncVerdict verdict = second.decode(copy, 0, record -> again.add(RecordText.of(record)));
        assertEquals(taken, again);
        if (!taken.isEmpty()) {
            assertEquals(SyncVerdict.ACCEPTED, verdict);
            assertEquals(copy.limit(), second.readLength());
            assertEquals(decoder.version(), second.version());
        }
    }

    @SuppressWarnings("EnumOrdinal") // an index that never leaves this test
    private int refused(SyncVerdict verdict) {
        return refused[verdict.ordinal()];
    }

    @Override
    public void onRecord(SyncRecord record) {
        placeOf(decoder.recordOffset(), decoder.recordIndex());
        if (decoder.version() == 0) {
            assertEquals(0, record.timeoutSeconds());
            assertEquals(0, record.fwmark());
        } else {
            assertEquals(record.offset(), decoder.recordOffset());
            assertEquals(0, record.offset() % 4);
        }
        nextOffset = decoder.recordOffset() + lengthOf(record);
        assertTrue(nextOffset <= bytes.length);
        assertEquals(0, record.version());
        assertEquals(0, record.flags() & SyncFlags.ONE_PACKET);
        int states =
                record.isTemplate() ? SyncState.TEMPLATE_COUNT : SyncState.count(record.protocol());
        assertTrue(record.state() < states);
        assertTrue(record.timeoutSeconds() >= 0 && record.timeoutSeconds() < 1L << 32);
        if (record.options().hasEngineData()) {
            assertEquals("sip", TestEngine.name(record.options()));
        }
        taken.add(RecordText.of(record));
        copier.onRecord(record);
    }

    @SuppressWarnings("EnumOrdinal") // an index that never leaves this test
    @Override
    public void onSkipped(SyncRecord record, SyncVerdict verdict) {
        refused[verdict.ordinal()]++;
        assertEquals(SyncVerdict.Loss.RECORD, verdict.loss());
        placeOf(decoder.recordOffset(), decoder.recordIndex());
        assertTrue(!RecordText.of(record).isEmpty());
        nextOffset = decoder.recordOffset() + lengthOf(record);
        assertTrue(nextOffset <= bytes.length);
    }

    @SuppressWarnings("EnumOrdinal") // an index that never leaves this test
    @Override
    public void onRefused(SyncVerdict verdict, int offset, int index) {
        refused[verdict.ordinal()]++;
        switch (verdict.loss()) {
            case NOTHING, RECORD -> throw new AssertionError(verdict + " ends nothing");
            case REST -> placeOf(offset, index);
            case DATAGRAM -> {
                assertEquals(0, offset);
                assertEquals(-1, index);
            }
        }
        ended = true;
    }

    private int lengthOf(SyncRecord record) {
        if (decoder.version() == 1) {
            return record.length();
        }
        return record.options().hasSequence() ? 48 : 24;
    }

    /** Records come in order, one behind the other, and none after the end. */
    private void placeOf(int offset, int index) {
        assertTrue(!ended);
        assertEquals(nextIndex, index);
        assertTrue(offset >= nextOffset);
        nextIndex++;
    }
}
