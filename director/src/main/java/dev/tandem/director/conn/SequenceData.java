package dev.tandem.director.conn;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncOptions;
import dev.tandem.sync.wire.SyncRecord;

/**
 * Which sequence data of sync messages to believe. Kernels before 6.1.190 sent bytes of an earlier
 * message in their place (CVE-2026-98078): whoever adjusts a connection's sequence numbers by those
 * breaks it for certain.
 *
 * <p>The rule: a TCP connection's, and in each direction the deltas are within {@value #MAX_DELTA},
 * and one is within {@value #MAX_STEP} of the other. For a delta is the sum of what the rewriting
 * of addresses in the payload added so far, and the previous delta the same without the last
 * rewrite, which changes a line by a few characters: at most from "0.0.0.0" and a one-digit port to
 * an IPv6 address of 45 and a port of 5. Of random bytes less than one in 10^16 pass.
 */
final class SequenceData {
    static final int MAX_DELTA = 1 << 20;
    static final int MAX_STEP = 64;

    private SequenceData() {}

    static boolean isPlausible(SyncRecord record) {
        SyncOptions options = record.options();
        return record.protocol() == IpProtocol.TCP
                && !record.isTemplate()
                && isPlausible(options.inDelta(), options.inPreviousDelta())
                && isPlausible(options.outDelta(), options.outPreviousDelta());
    }

    private static boolean isPlausible(int delta, int previousDelta) {
        return isSmall(delta, MAX_DELTA)
                && isSmall(previousDelta, MAX_DELTA)
                && isSmall(delta - previousDelta, MAX_STEP);
    }

    private static boolean isSmall(int number, int limit) {
        return number >= -limit && number <= limit;
    }
}
