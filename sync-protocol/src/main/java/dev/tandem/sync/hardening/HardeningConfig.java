package dev.tandem.sync.hardening;

import java.util.List;

/**
 * How much a cluster asks of sync messages beyond what the kernel does.
 *
 * @param keys the first one signs, all of them verify, so that keys are changed one node after the
 *     other; none only with {@link Mode#OFF}
 */
public record HardeningConfig(Mode mode, List<SyncKey> keys) {
    /** Messages as the kernel's, and nothing asked of what comes. */
    public static final HardeningConfig OFF = new HardeningConfig(Mode.OFF, List.of());

    public HardeningConfig {
        keys = List.copyOf(keys);
    }

    /** What becomes of messages. */
    public enum Mode {
        /** Sends no trailer and looks at none. */
        OFF,
        /** Sends trailers; takes messages without one too, as a kernel's. */
        PERMISSIVE,
        /** Sends trailers; takes nothing else. */
        ENFORCE
    }
}
