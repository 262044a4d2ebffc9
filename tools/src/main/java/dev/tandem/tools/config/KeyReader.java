package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.absolutePath;
import static dev.tandem.tools.config.Syntax.integer;

import dev.tandem.sync.hardening.SyncKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads the lists {@code keys} of the blocks {@code sync} and {@code failover}. */
final class KeyReader {
    private final KeyFiles.Source files;

    KeyReader(KeyFiles.Source files) {
        this.files = files;
    }

    /** The keys of a block, none when it has no such list. */
    List<SyncKey> read(Section section) {
        return section.has("keys") ? section.blocks("keys", "keys", this::key) : List.of();
    }

    private SyncKey key(Section section) {
        int id = section.required("id", integer(0, 65_535));
        Path file = section.required("file", absolutePath(SyncReader.MAX_PATH));
        byte[] secret = new byte[0];
        if (section.isRead("file")) {
            try {
                secret = files.read(file);
            } catch (IOException e) {
                section.complain("file", String.valueOf(e.getMessage()));
            }
        }
        return new SyncKey(id, secret);
    }
}
