package dev.tandem.tools.interop;

import java.time.Duration;
import java.util.List;

/** Waits for tables that are equal. */
final class Tables {
    private Tables() {}

    /** Waits until a kernel and Tandem have the same entries, and at least so many. */
    static void awaitEqual(KernelDirector kernel, Listed tandem, int entries, Duration patience)
            throws Exception {
        awaitEqual(kernel, tandem, entries, patience, TableRow.Times.EQUAL);
    }

    /** The same, with another idea of equal times. */
    static void awaitEqual(
            KernelDirector kernel,
            Listed tandem,
            int entries,
            Duration patience,
            TableRow.Times times)
            throws Exception {
        Await.none(
                "equal tables of %s and %s with %d entries".formatted(kernel, tandem, entries),
                patience,
                () -> {
                    List<List<TableRow>> tables = Interop.both(kernel::table, tandem::table);
                    List<TableRow> theirs = tables.getFirst();
                    List<TableRow> ours = tables.getLast();
                    String difference =
                            TableRow.difference(kernel + "", theirs, tandem + "", ours, times);
                    return difference.isEmpty() && theirs.size() < entries
                            ? "only %d entries: %s".formatted(theirs.size(), theirs)
                            : difference;
                });
    }
}
