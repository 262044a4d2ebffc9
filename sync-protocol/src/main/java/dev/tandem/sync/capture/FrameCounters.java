package dev.tandem.sync.capture;

/** Frames by what became of them. Written and read by the reader's thread. */
public final class FrameCounters {
    private final long[] counts = new long[FrameVerdict.values().length];

    FrameCounters() {}

    /** So many frames, or for {@link FrameVerdict#INCOMPLETE} datagrams, came to this. */
    @SuppressWarnings("EnumOrdinal") // an index that never leaves this process
    public long of(FrameVerdict verdict) {
        return counts[verdict.ordinal()];
    }

    /** All frames. */
    public long frames() {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum - of(FrameVerdict.INCOMPLETE);
    }

    @SuppressWarnings("EnumOrdinal")
    void count(FrameVerdict verdict) {
        counts[verdict.ordinal()]++;
    }
}
