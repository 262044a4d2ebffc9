package dev.tandem.tools.sync;

import dev.tandem.director.conn.ConnectionView;
import java.util.Comparator;
import java.util.List;

/** Table entries in an order that does not depend on the table's insides. */
final class Entries {
    private static final int DIGITS = 10;
    private static final Comparator<ConnectionView> ORDER =
            Comparator.comparing(ConnectionView::protocol)
                    .thenComparing(entry -> padded(entry.virtual()))
                    .thenComparing(entry -> padded(entry.client()))
                    .thenComparing(entry -> padded(entry.real()))
                    .thenComparing(ConnectionView::template)
                    .thenComparing(ConnectionView::peData);

    private Entries() {}

    static List<ConnectionView> sorted(List<ConnectionView> entries) {
        return entries.stream().sorted(ORDER).toList();
    }

    /** Numbers in it of one width, so that 9 comes before 10. */
    private static String padded(String text) {
        StringBuilder key = new StringBuilder(4 * text.length());
        int at = 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && Character.isDigit(text.charAt(end))) {
                end++;
            }
            if (end == at) {
                key.append(text.charAt(at++));
            } else {
                key.repeat('0', Math.max(0, DIGITS - (end - at))).append(text, at, end);
                at = end;
            }
        }
        return key.toString();
    }
}
