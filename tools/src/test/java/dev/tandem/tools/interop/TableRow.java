package dev.tandem.tools.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A line of a connection table as {@code ipvsadm -Lnc} prints it.
 *
 * @param protocol as printed: TCP, UDP, SCTP, IP
 * @param expiresSeconds time left
 * @param engine name and data of the persistence engine; empty without one
 */
record TableRow(
        String protocol,
        long expiresSeconds,
        String state,
        String client,
        String virtual,
        String real,
        String engine) {
    /** Tables are read one after the other, by clocks that tick in seconds. */
    private static final int TOLERANCE_SECONDS = 2;

    /** Reads what {@code ipvsadm -Lnc} printed. */
    static List<TableRow> parse(String listing) {
        var rows = new ArrayList<TableRow>();
        for (String line : listing.lines().toList()) {
            String[] words = line.strip().split("\\s+", 7);
            if (words.length >= 6 && words[1].matches("\\d+:\\d\\d")) {
                rows.add(
                        new TableRow(
                                words[0],
                                seconds(words[1]),
                                words[2],
                                words[3],
                                words[4],
                                words[5],
                                words.length == 7 ? words[6] : ""));
            }
        }
        return rows;
    }

    /** Of minutes and seconds. */
    private static long seconds(String time) {
        int colon = time.indexOf(':');
        return Long.parseLong(time.substring(0, colon)) * 60
                + Long.parseLong(time.substring(colon + 1));
    }

    private String key() {
        return protocol + " " + client + " " + virtual;
    }

    boolean isTemplate() {
        return state.equals("ASSURED") || (state.equals("NONE") && client.endsWith(":0"));
    }

    private boolean agrees(TableRow other, Times times) {
        return state.equals(other.state)
                && real.equals(other.real)
                && engine.equals(other.engine)
                && times.agree(this, other);
    }

    /** How the times left of two rows may differ. */
    interface Times {
        /** Both heard the same messages. */
        Times EQUAL =
                (one, other) ->
                        Math.abs(one.expiresSeconds - other.expiresSeconds) <= TOLERANCE_SECONDS;

        boolean agree(TableRow one, TableRow other);

        /** What one heard so much later starts its time anew, for messages carry no time left. */
        static Times later(long seconds) {
            return (one, other) -> {
                long difference = one.expiresSeconds - other.expiresSeconds;
                return difference >= -TOLERANCE_SECONDS
                        && difference <= seconds + TOLERANCE_SECONDS;
            };
        }

        /** Version 0 carries no timeout: a kernel gives every template three minutes. */
        default Times butTemplates() {
            return (one, other) -> one.isTemplate() || agree(one, other);
        }
    }

    /** Where two tables differ; an empty text when they are equal. */
    static String difference(
            String oneName,
            List<TableRow> one,
            String otherName,
            List<TableRow> other,
            Times times) {
        Map<String, TableRow> left = byKey(one);
        Map<String, TableRow> right = byKey(other);
        var lines = new ArrayList<String>();
        left.forEach((key, row) -> {
            TableRow twin = right.remove(key);
            if (twin == null) {
                lines.add("only %s: %s".formatted(oneName, row));
            } else if (!row.agrees(twin, times)) {
                lines.add("%s: %s\n  %s: %s".formatted(oneName, row, otherName, twin));
            }
        });
        right.values().forEach(row -> lines.add("only %s: %s".formatted(otherName, row)));
        return String.join("\n", lines);
    }

    private static Map<String, TableRow> byKey(List<TableRow> rows) {
        var map = new TreeMap<String, TableRow>();
        rows.forEach(row -> map.put(row.key(), row));
        return map;
    }

    @Override
    public String toString() {
        return "%s %02d:%02d %s %s %s %s %s"
                .formatted(
                        protocol,
                        expiresSeconds / 60,
                        expiresSeconds % 60,
                        state,
                        client,
                        virtual,
                        real,
                        engine)
                .strip();
    }
}
