package dev.tandem.tools.sync;

import dev.tandem.sync.wire.SyncOptions;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** The options of a record as text. */
final class Options {
    private Options() {}

    static String engineName(SyncOptions options) {
        byte[] name = new byte[options.engineNameLength()];
        for (int i = 0; i < name.length; i++) {
            name[i] = options.engineName(i);
        }
        return text(name);
    }

    /** In hexadecimal, two digits a byte. */
    static String engineDataHex(SyncOptions options) {
        return HexFormat.of().formatHex(engineData(options));
    }

    /** As it is when all of it can be printed, else in hexadecimal. */
    static String printable(SyncOptions options) {
        byte[] data = engineData(options);
        for (byte b : data) {
            if (b <= ' ' || b > '~') {
                return "0x" + HexFormat.of().formatHex(data);
            }
        }
        return text(data);
    }

    /**
     * Towards the real server, then towards the client: the sequence number from which on packets
     * are adjusted (unsigned), what is added after it, what was added before it (both signed).
     */
    static List<Long> sequence(SyncOptions options) {
        return List.of(
                Integer.toUnsignedLong(options.inInitialSequence()),
                (long) options.inDelta(),
                (long) options.inPreviousDelta(),
                Integer.toUnsignedLong(options.outInitialSequence()),
                (long) options.outDelta(),
                (long) options.outPreviousDelta());
    }

    private static byte[] engineData(SyncOptions options) {
        byte[] data = new byte[options.engineDataLength()];
        for (int i = 0; i < data.length; i++) {
            data[i] = options.engineData(i);
        }
        return data;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
