package dev.tandem.tools.sync;

import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.SyncRecordHandler;
import dev.tandem.sync.SyncVerdict;
import dev.tandem.sync.capture.CapturedDatagram;
import dev.tandem.sync.capture.DatagramHandler;
import dev.tandem.sync.capture.FrameVerdict;
import dev.tandem.sync.hardening.TrailerView;
import dev.tandem.sync.wire.SyncRecord;
import java.util.Map;
import java.util.TreeMap;

/** Counts what passes: by stream, by state, and what was wrong by reason. */
final class SyncStats implements DatagramHandler, SyncRecordHandler {
    private static final int ANY_SYNC_ID = 0;
    private static final long NS_PER_S = 1_000_000_000L;

    /**
     * Who says what where.
     *
     * @param version -1 for messages of none
     */
    record Stream(String source, String group, int syncId, int version)
            implements Comparable<Stream> {
        @Override
        public int compareTo(Stream other) {
            return toString().compareTo(other.toString());
        }
    }

    final Map<Stream, StreamStats> streams = new TreeMap<>();
    final Map<String, Long> states = new TreeMap<>();
    final Map<String, Long> malformed = new TreeMap<>();
    private final SyncDecoder decoder = new SyncDecoder("sip");
    private StreamStats stream = new StreamStats();
    private long firstNs;
    private long lastNs;
    private long secondNs = Long.MIN_VALUE;
    private long inSecond;
    private long peak;
    private boolean any;

    @Override
    public void onDatagram(CapturedDatagram datagram) {
        note(datagram.timeNs());
        stream = stream(Heard.of(datagram));
        stream.note(datagram.payload(), TrailerView.of(datagram.payload()), datagram.timeNs());
        var _ = decoder.decode(datagram.payload(), ANY_SYNC_ID, this);
    }

    @Override
    public void onFault(FrameVerdict fault, CapturedDatagram datagram) {
        note(datagram.timeNs());
        stream = stream(Heard.of(datagram));
        stream.datagrams++;
        malformed(fault.name());
    }

    @Override
    public void onRecord(SyncRecord record) {
        stream.records++;
        String kind = record.isTemplate() ? " template " : " ";
        states.merge(Words.protocol(record.protocol()) + kind + Words.state(record), 1L, Long::sum);
    }

    @Override
    public void onSkipped(SyncRecord record, SyncVerdict verdict) {
        malformed(verdict.name());
    }

    @Override
    public void onRefused(SyncVerdict verdict, int offset, int index) {
        malformed(verdict.name());
    }

    /** From the first datagram to the last. */
    double seconds() {
        return (lastNs - firstNs) / (double) NS_PER_S;
    }

    /** Most datagrams in one second of the clock. */
    long peakPerSecond() {
        return Math.max(peak, inSecond);
    }

    private void malformed(String reason) {
        stream.malformed++;
        malformed.merge(reason, 1L, Long::sum);
    }

    private StreamStats stream(Heard heard) {
        return streams.computeIfAbsent(
                new Stream(heard.source(), heard.destination(), heard.syncId(), heard.version()),
                _ -> new StreamStats());
    }

    private void note(long timeNs) {
        if (!any) {
            any = true;
            firstNs = timeNs;
        }
        lastNs = Math.max(lastNs, timeNs);
        long second = Math.floorDiv(timeNs, NS_PER_S);
        if (second != secondNs) {
            peak = Math.max(peak, inSecond);
            inSecond = 0;
            secondNs = second;
        }
        inSecond++;
    }
}
