package dev.tandem.sync;

import dev.tandem.sync.wire.SyncOptions;
import java.nio.charset.StandardCharsets;

/** Engine data and name of a record as text. */
final class TestEngine {
    private TestEngine() {}

    static String data(SyncOptions options) {
        byte[] data = new byte[options.engineDataLength()];
        for (int i = 0; i < data.length; i++) {
            data[i] = options.engineData(i);
        }
        return new String(data, StandardCharsets.ISO_8859_1);
    }

    static String name(SyncOptions options) {
        byte[] name = new byte[options.engineNameLength()];
        for (int i = 0; i < name.length; i++) {
            name[i] = options.engineName(i);
        }
        return new String(name, StandardCharsets.ISO_8859_1);
    }
}
