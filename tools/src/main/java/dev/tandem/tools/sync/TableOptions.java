package dev.tandem.tools.sync;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the backup is like whose table is asked for, and when. */
final class TableOptions {
    private static final int LONGEST_MESSAGE = 65_507;

    /** A kernel's backup reads this much whatever it is told. */
    private static final int LEAST_MAX_LENGTH = 1024;

    private static final int NS_DIGITS = 9;
    private static final int SHORTEST_RECORD = 24;
    private static final int LARGEST_TABLE = 1 << 24;
    private static final int TABLE_OF_UNKNOWN_SOURCE = 1 << 20;
    private static final int SMALLEST_TABLE = 1 << 10;

    /** An entry with everything in it takes so many cells of the table. */
    private static final int CELLS = 4;

    private int syncId;
    private int maxLength = LONGEST_MESSAGE;
    private long untilNs = BackupTable.TO_THE_END;

    @Option(
            names = "--syncid",
            paramLabel = "N",
            description = "The backup's sync id, 0 to 255; 0, as without it, takes all.")
    void syncId(int value) {
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException("sync id " + value + " is not in 0..255");
        }
        syncId = value;
    }

    @Option(
            names = "--maxlen",
            paramLabel = "N",
            description = {
                "The longest message that the backup reads, 1 to 65507 (ipvsadm --sync-maxlen); below"
                        + " 1024 it is 1024, as in a kernel. Without it no message is too long."
            })
    void maxLength(@Nullable Integer value) {
        if (value == null) {
            maxLength = LONGEST_MESSAGE;
        } else if (value < 1 || value > LONGEST_MESSAGE) {
            throw new IllegalArgumentException(value + " is not in 1.." + LONGEST_MESSAGE);
        } else {
            maxLength = Math.max(value, LEAST_MAX_LENGTH);
        }
    }

    @Option(
            names = "--until",
            paramLabel = "UNIX_SECONDS",
            description = {
                "The table as it was at this moment; may have a fraction. Without it: when the last"
                        + " message came."
            })
    void until(@Nullable BigDecimal value) {
        if (value == null) {
            untilNs = BackupTable.TO_THE_END;
            return;
        }
        try {
            untilNs = value.movePointRight(NS_DIGITS).toBigInteger().longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(value + " is no moment of this age", e);
        }
    }

    /** An empty table that has room for all that the file may hold. */
    BackupTable table(@Nullable Path file, List<String> engines) throws IOException {
        return table(file, untilNs, engines);
    }

    /** The same at another moment. */
    BackupTable table(@Nullable Path file, long atNs, List<String> engines) throws IOException {
        return new BackupTable(limit(file), syncId, maxLength, atNs, engines);
    }

    /** {@link BackupTable#TO_THE_END} when no moment was asked for. */
    long untilNs() {
        return untilNs;
    }

    private static int limit(@Nullable Path file) throws IOException {
        if (file == null || !Files.isRegularFile(file)) {
            return TABLE_OF_UNKNOWN_SOURCE;
        }
        long records = Files.size(file) / SHORTEST_RECORD;
        return Math.clamp(records * CELLS, SMALLEST_TABLE, LARGEST_TABLE);
    }
}
