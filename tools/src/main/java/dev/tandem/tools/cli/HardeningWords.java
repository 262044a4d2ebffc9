package dev.tandem.tools.cli;

import dev.tandem.sync.hardening.HardeningConfig.Mode;

/** off, permissive, enforce. */
public final class HardeningWords extends Words<Mode> {
    public HardeningWords() {
        super(Mode.class);
    }
}
