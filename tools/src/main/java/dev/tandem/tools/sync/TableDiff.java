package dev.tandem.tools.sync;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.tandem.director.conn.ConnectionView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What two tables do not agree on.
 *
 * @param onlyInA entries that the second lacks
 * @param onlyInB entries that the first lacks
 * @param different entries of both that differ in server, state or time left
 * @param same entries that agree
 */
record TableDiff(
        List<ConnectionView> onlyInA,
        List<ConnectionView> onlyInB,
        List<Pair> different,
        int same) {
    /** One entry as each table has it. */
    record Pair(ConnectionView a, ConnectionView b) {}

    /**
     * Compares.
     *
     * @param toleranceSeconds by how much the time left may differ; negative when it does not
     *     matter
     */
    static TableDiff of(List<ConnectionView> a, List<ConnectionView> b, long toleranceSeconds) {
        Map<String, ConnectionView> others = new TreeMap<>();
        b.forEach(entry -> others.put(key(entry), entry));
        List<ConnectionView> onlyInA = new ArrayList<>();
        List<Pair> different = new ArrayList<>();
        int same = 0;
        for (ConnectionView entry : Entries.sorted(a)) {
            ConnectionView other = others.remove(key(entry));
            if (other == null) {
                onlyInA.add(entry);
            } else if (agree(entry, other, toleranceSeconds)) {
                same++;
            } else {
                different.add(new Pair(entry, other));
            }
        }
        return new TableDiff(
                onlyInA, Entries.sorted(List.copyOf(others.values())), different, same);
    }

    @JsonIgnore
    boolean isEmpty() {
        return onlyInA.isEmpty() && onlyInB.isEmpty() && different.isEmpty();
    }

    /** What makes two entries the same connection or template. */
    private static String key(ConnectionView entry) {
        return String.join(
                " ",
                entry.protocol(),
                entry.template() ? "template" : "",
                entry.client(),
                entry.virtual(),
                entry.peName(),
                entry.peData());
    }

    private static boolean agree(ConnectionView a, ConnectionView b, long tolerance) {
        return a.real().equals(b.real())
                && a.state().equals(b.state())
                && (tolerance < 0
                        || Math.abs(a.expiresSeconds() - b.expiresSeconds()) <= tolerance);
    }
}
