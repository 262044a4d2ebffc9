package dev.tandem.tools.sync;

import dev.tandem.sync.hardening.TrailerView;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** What one sender said to one group under one sync id, in one version. */
final class StreamStats {
    /** The same bytes again within this time are the network's doing, later the sender's. */
    private static final long REPEAT_NS = 1_000_000_000L;

    private static final int REMEMBERED = 4096;

    private final Map<Long, Long> recent = new HashMap<>();
    private final Map<String, Numbering> numberings = new HashMap<>();

    long datagrams;
    long bytes;
    long records;
    long malformed;
    long repeats;

    /** Which numbers of a session's stream were heard. */
    private static final class Numbering {
        private long first;
        private long last;
        private long heard;

        /** A number that came late takes its gap back; one that came twice is a repeat. */
        long missing() {
            return last - first + 1 - heard;
        }
    }

    /** Numbers that trailers lead one to expect and that did not come. */
    long missing() {
        return numberings.values().stream().mapToLong(n -> Math.max(0, n.missing())).sum();
    }

    /** Whether any message was numbered, which the kernel's are not. */
    boolean isNumbered() {
        return !numberings.isEmpty();
    }

    /**
     * Notes a message.
     *
     * @param trailer null when it has none
     */
    void note(ByteBuffer message, @Nullable TrailerView trailer, long timeNs) {
        datagrams++;
        bytes += message.remaining();
        if (isRepeat(message, timeNs)) {
            repeats++;
        } else if (trailer != null && trailer.isSequenced()) {
            note(trailer);
        }
    }

    private void note(TrailerView trailer) {
        Numbering numbering =
                numberings.computeIfAbsent(
                        trailer.session() + "/" + trailer.stream(), _ -> new Numbering());
        long sequence = trailer.sequence();
        if (numbering.heard == 0) {
            numbering.first = sequence;
            numbering.last = sequence;
        }
        numbering.first = Math.min(numbering.first, sequence);
        numbering.last = Math.max(numbering.last, sequence);
        numbering.heard++;
    }

    private boolean isRepeat(ByteBuffer message, long timeNs) {
        CRC32C crc = new CRC32C();
        crc.update(message.duplicate());
        long key = crc.getValue() << 32 | message.remaining();
        if (recent.size() >= REMEMBERED) {
            recent.values().removeIf(heardNs -> timeNs - heardNs > REPEAT_NS);
        }
        if (recent.size() >= REMEMBERED) {
            recent.clear();
        }
        Long before = recent.put(key, timeNs);
        return before != null && timeNs - before <= REPEAT_NS;
    }
}
