package dev.tandem.tools.sync;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.sync.capture.FrameCounters;
import dev.tandem.sync.capture.FrameVerdict;
import dev.tandem.tools.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tandem sync stats} found.
 *
 * @param seconds from the first datagram to the last
 * @param peakDatagramsPerSecond most datagrams in one second of the clock
 * @param records good records by protocol and state
 * @param malformed datagrams and records that a backup would not take, by reason
 * @param frames captured frames by what became of them
 */
record StatsReport(
        double seconds,
        long datagrams,
        long bytes,
        long recordCount,
        long peakDatagramsPerSecond,
        List<Stream> streams,
        Map<String, Long> records,
        Map<String, Long> malformed,
        Map<String, Long> frames) {
    /**
     * One sender's messages to one group.
     *
     * @param syncid null when the datagrams are too short to have one
     * @param version null when they are of none
     * @param repeats messages that came again within a second, byte for byte
     * @param missing numbers in the messages' trailers that did not come; null without trailers
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Stream(
            String source,
            String group,
            @Nullable Integer syncid,
            @Nullable Integer version,
            long datagrams,
            long bytes,
            long records,
            long repeats,
            long malformed,
            @Nullable Long missing) {}

    static StatsReport of(SyncStats stats, FrameCounters counters) {
        List<Stream> streams = new ArrayList<>();
        stats.streams.forEach((key, s) -> streams.add(stream(key, s)));
        Map<String, Long> frames = new TreeMap<>();
        for (FrameVerdict verdict : FrameVerdict.values()) {
            if (counters.of(verdict) != 0) {
                frames.put(verdict.name(), counters.of(verdict));
            }
        }
        return new StatsReport(
                stats.seconds(),
                streams.stream().mapToLong(Stream::datagrams).sum(),
                streams.stream().mapToLong(Stream::bytes).sum(),
                streams.stream().mapToLong(Stream::records).sum(),
                stats.peakPerSecond(),
                streams,
                stats.states,
                stats.malformed,
                frames);
    }

    private static Stream stream(SyncStats.Stream key, StreamStats s) {
        return new Stream(
                key.source(),
                key.group(),
                key.syncId() < 0 ? null : key.syncId(),
                key.version() < 0 ? null : key.version(),
                s.datagrams,
                s.bytes,
                s.records,
                s.repeats,
                s.malformed,
                s.isNumbered() ? s.missing() : null);
    }

    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%d datagrams, %d bytes, %d records in %.1f s; peak %d datagrams/s%s%n",
                datagrams,
                bytes,
                recordCount,
                seconds,
                peakDatagramsPerSecond,
                seconds > 0
                        ? String.format(
                                Locale.ROOT,
                                ", mean %.1f datagrams/s, %.1f records/s",
                                datagrams / seconds,
                                recordCount / seconds)
                        : "");
        TextTable table =
                new TextTable(
                        "SOURCE",
                        "GROUP",
                        ">SYNCID",
                        ">VERSION",
                        ">DATAGRAMS",
                        ">BYTES",
                        ">RECORDS",
                        ">REPEATS",
                        ">MISSING",
                        ">MALFORMED");
        for (Stream s : streams) {
            table.row(
                    s.source,
                    s.group,
                    cell(s.syncid),
                    cell(s.version),
                    cell(s.datagrams),
                    cell(s.bytes),
                    cell(s.records),
                    cell(s.repeats),
                    cell(s.missing),
                    cell(s.malformed));
        }
        if (!table.isEmpty()) {
            out.println();
            table.print(out);
        }
        print("RECORDS", records, out);
        print("MALFORMED", malformed, out);
        print("FRAMES", frames, out);
    }

    private static void print(String title, Map<String, Long> counts, PrintWriter out) {
        if (!counts.isEmpty()) {
            out.println();
            TextTable table = new TextTable(title, ">");
            counts.forEach((name, count) -> table.row(name, count.toString()));
            table.print(out);
        }
    }

    private static String cell(@Nullable Number value) {
        return value == null ? "-" : value.toString();
    }
}
