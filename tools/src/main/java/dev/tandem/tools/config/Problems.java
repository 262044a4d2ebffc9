package dev.tandem.tools.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Collects what is wrong in one file. Knows the line of every key that was read, so that a check
 * which compares two keys can name a key by its path alone.
 */
final class Problems {
    private final String file;
    private final List<Problem> found = new ArrayList<>();
    private final Set<String> unread = new HashSet<>();
    private final Map<String, Integer> lines = new HashMap<>();

    Problems(String file) {
        this.file = file;
    }

    void locate(String key, int line) {
        lines.put(key, line);
    }

    /** Whether the key is in the file. */
    boolean isLocated(String key) {
        return lines.containsKey(key);
    }

    void add(int line, String key, String message) {
        found.add(new Problem(file, line, key, message));
    }

    /** Reports at the line where the key, or else the block it would be in, was read. */
    void add(String key, String message) {
        add(lineOf(key), key, message);
    }

    /** As {@link #add}, and there is no value of this key that could be compared with others. */
    void addUnread(int line, String key, String message) {
        unread.add(key);
        add(line, key, message);
    }

    /** Whether the key, all blocks it is in, and all that is below it have values. */
    boolean isRead(String key) {
        return unread.stream().noneMatch(bad -> isWithin(bad, key) || isWithin(key, bad));
    }

    /** Whether something was reported for exactly this key. */
    boolean isReported(String key) {
        return found.stream().anyMatch(problem -> problem.key().equals(key));
    }

    /** Whether something was reported for the block or anything in it. */
    boolean isReportedWithin(String block) {
        return found.stream().anyMatch(problem -> isWithin(problem.key(), block));
    }

    /** Reports what is in a list twice; {@code below} is the key of an item that tells it. */
    <T> void unique(List<T> items, String path, String below, Function<T, String> identity) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            String it = identity.apply(items.get(i));
            String item = path + "[" + i + "]" + below;
            if (isRead(item)) {
                Integer first = seen.putIfAbsent(it, i);
                require(
                        first == null,
                        item,
                        it + " is there twice, first as " + path + "[" + first + "]");
            }
        }
    }

    /**
     * Reports at a key what does not hold, unless that or a key it is compared with has no right
     * value, or something was reported there already.
     */
    void require(boolean holds, String path, String message, String... comparedWith) {
        boolean comparable = isRead(path) && Stream.of(comparedWith).allMatch(this::isRead);
        if (!holds && comparable && !isReported(path)) {
            add(path, message);
        }
    }

    private static boolean isWithin(String key, String block) {
        int end = block.length();
        return key.startsWith(block)
                && (key.length() == end || key.charAt(end) == '.' || key.charAt(end) == '[');
    }

    private int lineOf(String key) {
        Integer line = lines.get(key);
        if (line != null) {
            return line;
        }
        int parent = Math.max(key.lastIndexOf('.'), key.lastIndexOf('['));
        return parent < 0 ? 1 : lineOf(key.substring(0, parent));
    }

    void throwIfAny() throws ConfigException {
        if (!found.isEmpty()) {
            found.sort(Comparator.comparingInt(Problem::line));
            throw new ConfigException(found);
        }
    }
}
