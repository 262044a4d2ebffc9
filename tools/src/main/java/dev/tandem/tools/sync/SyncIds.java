package dev.tandem.tools.sync;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Of which sync ids messages are wanted; without an option, of all. */
final class SyncIds {
    private final Set<Integer> syncIds = new HashSet<>();

    @Option(
            names = "--syncid",
            paramLabel = "N",
            description = "Only messages of this sync id, 0 to 255; may be given several times.")
    void syncId(int @Nullable [] values) {
        syncIds.clear();
        if (values != null) {
            for (int value : values) {
                if (value < 0 || value > 255) {
                    throw new IllegalArgumentException("sync id " + value + " is not in 0..255");
                }
                syncIds.add(value);
            }
        }
    }

    /** Whether messages of this sync id are wanted; those without any are. */
    boolean wants(Heard heard) {
        return syncIds.isEmpty() || heard.syncId() < 0 || syncIds.contains(heard.syncId());
    }
}
