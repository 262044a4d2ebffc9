package dev.tandem.tools.ipvsadm;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** Numbers as ipvsadm reads and writes them. */
final class Numbers {
    private Numbers() {}

    /** A whole number as strtol(3) reads it, blanks and sign before it allowed, in a range. */
    static OptionalInt read(String text, int min, int max) {
        OptionalLong number = readLong(text, min, max);
        return number.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) number.getAsLong());
    }

    /** As {@link #read}, for what needs more than 31 bits. */
    static OptionalLong readLong(String text, long min, long max) {
        String number = text.stripLeading();
        if (!number.matches("[+-]?\\d{1,18}")) {
            return OptionalLong.empty();
        }
        long value = Long.parseLong(number);
        return value < min || value > max ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** The number at the beginning of a text, or 0: atoi(3). */
    static int leading(String text) {
        String number = text.stripLeading();
        int end = 0;
        while (end < number.length()
                && end < 10
                && (Character.isDigit(number.charAt(end))
                        || (end == 0 && "+-".indexOf(number.charAt(0)) >= 0))) {
            end++;
        }
        try {
            return (int) Long.parseLong(number.substring(0, end));
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** In nine columns, large ones in thousands, millions and so on, cut off. */
    static String large(long number) {
        if (Long.compareUnsigned(number, 100_000_000L) < 0) {
            return Text.right(Long.toUnsignedString(number), 9);
        }
        if (Long.compareUnsigned(number, 1_000_000_000L) < 0) {
            return scaled(number, 1_000L, "K");
        }
        if (Long.compareUnsigned(number, 100_000_000_000L) < 0) {
            return scaled(number, 1_000_000L, "M");
        }
        if (Long.compareUnsigned(number, 100_000_000_000_000L) < 0) {
            return scaled(number, 1_000_000_000L, "G");
        }
        return scaled(number, 1_000_000_000_000L, "T");
    }

    private static String scaled(long number, long unit, String letter) {
        return Text.right(Long.toUnsignedString(Long.divideUnsigned(number, unit)), 8) + letter;
    }

    /** In nine columns, or as many as it needs and one more. */
    static String exact(long number) {
        String digits = Long.toUnsignedString(number);
        return Text.right(digits, Math.max(9, digits.length() + 1));
    }
}
