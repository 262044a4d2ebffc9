package dev.tandem.tools.ipvsadm;

/** Columns, without the cost that a first use of String.format has for a command of a moment. */
final class Text {
    private Text() {}

    /** {@code %-WIDTHs}. */
    static String left(String text, int width) {
        int missing = width - text.length();
        return missing <= 0 ? text : text + " ".repeat(missing);
    }

    /** {@code %-WIDTHu}. */
    static String left(long number, int width) {
        return left(Long.toString(number), width);
    }

    /** {@code %WIDTHs}. */
    static String right(String text, int width) {
        int missing = width - text.length();
        return missing <= 0 ? text : " ".repeat(missing) + text;
    }

    /** {@code %.LENGTHs}. */
    static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
