package dev.tandem.tools.config;

import java.util.List;

/** A parsed YAML document with the line of everything in it, counted from 1. */
sealed interface YamlNode {

    int line();

    /** What a user would call it. */
    String kind();

    /**
     * A single value.
     *
     * @param quoted whether it was written as a text, so that {@code "80"} is no number
     */
    record Scalar(int line, String text, boolean quoted) implements YamlNode {
        /** Whether nothing was written, or YAML's word for it. */
        boolean isNull() {
            return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }

        @Override
        public String kind() {
            return isNull() ? "nothing" : "'" + text + "'";
        }
    }

    /** A list. */
    record Sequence(int line, List<YamlNode> items) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys and values in the order of the file; a key may still be there twice. */
    record Mapping(int line, List<Entry> entries) implements YamlNode {
        @Override
        public String kind() {
            return "a block of keys";
        }
    }

    /** One key of a mapping. */
    record Entry(int line, String key, YamlNode value) {}
}
