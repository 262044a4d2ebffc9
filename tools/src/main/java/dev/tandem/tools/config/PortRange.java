package dev.tandem.tools.config;

import java.util.regex.Matcher;

/** Ports from the first to the last, both included. */
record PortRange(int first, int last) {
    static final PortRange ALL = new PortRange(0, 65_535);

    /** Of the first port in group 1, and the last in group 2 or none there. */
    static PortRange of(Matcher matcher) {
        int first = Integer.parseInt(matcher.group(1));
        return new PortRange(
                first, matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2)));
    }

    boolean isSound() {
        return first <= last && last <= ALL.last;
    }
}
