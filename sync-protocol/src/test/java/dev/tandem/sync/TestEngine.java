package dev.tandem.sync;

import dev.tandem.sync.wire.SyncOption;
import dev.tandem.sync.wire.SyncOptions;
import java.nio.charset.StandardCharsets;

/** Engine data and name of a record as text. */
final class TestEngine {
    private TestEngine() {}

    static String data(SyncOptions options) {
        byte[] data = new byte[SyncOption.MAX_PE_DATA_LENGTH];
        int length = options.copyEngineData(data);
        return new String(data, 0, length, StandardCharsets.ISO_8859_1);
    }

    static String name(SyncOptions options) {
        byte[] name = new byte[SyncOption.MAX_PE_NAME_LENGTH];
        int length = options.copyEngineName(name);
        return new String(name, 0, length, StandardCharsets.ISO_8859_1);
    }
}
