package dev.tandem.tools.bench.sync;

import java.util.Arrays;

/** A distribution of times, in milliseconds; from all samples, not from classes of them. */
public record Spread(double p50, double p99, double p999, double max) {
    /**
     * @param samplesNs get sorted; 0 in all when there is none
     */
    static Spread of(long[] samplesNs) {
        Arrays.sort(samplesNs);
        return new Spread(
                at(samplesNs, 0.5), at(samplesNs, 0.99), at(samplesNs, 0.999), at(samplesNs, 1));
    }

    /** The least sample that so large a part of all does not exceed. */
    private static double at(long[] sorted, double part) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(part * sorted.length);
        return sorted[Math.max(rank, 1) - 1] / 1e6;
    }
}
