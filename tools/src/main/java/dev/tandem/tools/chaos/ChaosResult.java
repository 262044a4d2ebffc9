package dev.tandem.tools.chaos;

import java.util.List;

/**
 * What a run saw; this is the JSON that {@code --json} writes.
 *
 * @param connections held through all of it
 * @param seconds that it took
 * @param problems what did not hold, in words; empty when all did
 */
record ChaosResult(
        long seed,
        int connections,
        double seconds,
        List<Round> rounds,
        List<Memory> memory,
        List<String> problems) {
    /**
     * A round, from its trouble until the pair was ready again.
     *
     * @param atSeconds from the start
     * @param troubles as in {@link Trouble}
     * @param gapMs the longest time from a question of the probe, a client that asks each
     *     millisecond, until it or a later one was answered
     * @param unownedMs the longest time in which nobody told the clients' network that he has the
     *     address
     * @param lost connections; the backup knew all of them when the trouble began
     * @param lostBy the server's and the kernel's words for it
     * @param changes how often somebody else than before had the address
     * @param epochs new epochs meanwhile
     * @param doubles questions for the address that two answered
     * @param returns how often one answered again within 150 ms after another one did
     * @param two whether two had the address at once
     * @param readyMs from the mending until the backup was ready again
     * @param refused empty, or why a handover was refused
     */
    record Round(
            int round,
            double atSeconds,
            List<String> troubles,
            int apartMs,
            int holdMs,
            String from,
            String to,
            double gapMs,
            double unownedMs,
            int lost,
            String lostBy,
            int changes,
            long epochs,
            int doubles,
            int returns,
            boolean two,
            double readyMs,
            String refused) {}

    /**
     * A daemon from its start to its end.
     *
     * @param rounds between the first and the last look
     * @param heapKiBFirst used on the heap after a collection, at the first look
     * @param heapKiBLast the same at the last one
     * @param heapSlope KiB a round, the line of least squares through all looks
     * @param residentKiBFirst memory of the process at the first look
     * @param residentKiBLast the same at the last one
     */
    record Memory(
            String node,
            long pid,
            int looks,
            int rounds,
            long heapKiBFirst,
            long heapKiBLast,
            double heapSlope,
            long residentKiBFirst,
            long residentKiBLast) {}
}
