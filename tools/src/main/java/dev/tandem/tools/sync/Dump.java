package dev.tandem.tools.sync;

import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.SyncRecordHandler;
import dev.tandem.sync.SyncVerdict;
import dev.tandem.sync.capture.CapturedDatagram;
import dev.tandem.sync.capture.DatagramHandler;
import dev.tandem.sync.capture.FrameVerdict;
import dev.tandem.sync.hardening.Refusal;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.sync.hardening.TrailerView;
import dev.tandem.sync.wire.SyncHeaderV1;
import dev.tandem.sync.wire.SyncRecord;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes sync datagrams apart, record by record, and hands what is wanted to the output. */
final class Dump implements DatagramHandler, SyncRecordHandler {
    private static final int NO_RECORD = -1;
    private static final int ANY_SYNC_ID = 0;
    private static final int ALIGNMENT = 4;

    private final SyncDecoder decoder = new SyncDecoder("sip");
    private final RecordFilter filter;
    private final DumpOutput output;
    private final List<SyncKey> keys;
    private Heard heard = Heard.NOTHING;

    /**
     * @param keys to look at signatures of hardened messages with; may be none
     */
    Dump(RecordFilter filter, List<SyncKey> keys, DumpOutput output) {
        this.filter = filter;
        this.keys = List.copyOf(keys);
        this.output = output;
    }

    @Override
    public void onDatagram(CapturedDatagram datagram) {
        heard = Heard.of(datagram);
        if (!filter.wants(heard)) {
            return;
        }
        SyncVerdict verdict = decoder.decode(datagram.payload(), ANY_SYNC_ID, this);
        TrailerView trailer = TrailerView.of(datagram.payload());
        int rest = datagram.payload().remaining() - decoder.readLength();
        if (trailer != null) {
            rest -= trailer.bodyLength() + TrailerView.LENGTH;
        }
        // before a trailer there may be zeros up to the next multiple of four
        int permitted = trailer == null ? 0 : ALIGNMENT - 1;
        if (!filter.wantsFaults()) {
            output.end();
            return;
        }
        if (verdict == SyncVerdict.ACCEPTED && rest > permitted) {
            output.fault(heard, "UNREAD", unread(rest), NO_RECORD, decoder.readLength(), null);
        }
        if (trailer != null) {
            output.trailer(heard, trailer, signature(datagram.payload()));
        }
        output.end();
    }

    private @Nullable String signature(ByteBuffer message) {
        if (keys.isEmpty()) {
            return null;
        }
        Refusal refusal = TrailerView.verify(message, keys);
        return refusal == null ? "GOOD" : refusal.name();
    }

    private String unread(int rest) {
        return heard.count() == 0
                ? rest + " bytes in a message without records"
                : rest + " bytes behind the last of " + heard.count() + " counted records";
    }

    @Override
    public void onFault(FrameVerdict fault, CapturedDatagram datagram) {
        heard = Heard.of(datagram);
        if (filter.wants(heard) && filter.wantsFaults()) {
            output.fault(heard, fault.name(), Words.reason(fault), NO_RECORD, 0, null);
            output.end();
        }
    }

    @Override
    public void onRecord(SyncRecord record) {
        if (filter.wants(record)) {
            output.record(heard, decoder.recordIndex(), decoder.recordOffset(), record);
        }
    }

    @Override
    public void onSkipped(SyncRecord record, SyncVerdict verdict) {
        if (filter.wants(record)) {
            output.fault(
                    heard,
                    verdict.name(),
                    Words.reason(verdict),
                    decoder.recordIndex(),
                    decoder.recordOffset(),
                    record);
        }
    }

    @Override
    public void onRefused(SyncVerdict verdict, int offset, int index) {
        if (filter.wantsFaults()) {
            output.fault(heard, verdict.name(), reason(verdict), index, offset, null);
        }
    }

    private String reason(SyncVerdict verdict) {
        if (verdict != SyncVerdict.SIZE_MISMATCH) {
            return Words.reason(verdict);
        }
        ByteBuffer message = heard.datagram().payload();
        int size =
                Short.toUnsignedInt(
                        message.getShort(message.position() + SyncHeaderV1.SIZE_OFFSET));
        return "the size field says %d bytes, the datagram has %d"
                .formatted(size, message.remaining());
    }
}
