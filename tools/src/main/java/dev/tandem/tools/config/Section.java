package dev.tandem.tools.config;

import dev.tandem.tools.config.YamlNode.Entry;
import dev.tandem.tools.config.YamlNode.Mapping;
import dev.tandem.tools.config.YamlNode.Scalar;
import dev.tandem.tools.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One block of keys while it is read. The calls that read it are its schema: a key that nobody
 * asked for is unknown, which {@link #close} reports.
 *
 * <p>A bad value is reported and a harmless one is returned in its place, so that reading goes on
 * and all mistakes are found at once; {@link Problems#throwIfAny} keeps the harmless ones from
 * getting anywhere.
 */
final class Section {
    private final Problems problems;
    private final String path;
    private final int line;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    private Section(Problems problems, String path, int line, Mapping mapping) {
        this.problems = problems;
        this.path = path;
        this.line = line;
        for (Entry entry : mapping.entries()) {
            Entry earlier = entries.putIfAbsent(entry.key(), entry);
            if (earlier != null) {
                problems.add(
                        entry.line(),
                        pathOf(entry.key()),
                        "is there twice, first in line " + earlier.line());
            }
        }
    }

    /**
     * The whole document.
     *
     * @throws YamlReader.Refused when it is no block of keys
     */
    static Section root(Problems problems, YamlNode document) throws YamlReader.Refused {
        if (document instanceof Mapping mapping) {
            return new Section(problems, "", document.line(), mapping);
        }
        throw new YamlReader.Refused(
                document.line(), "must be a block of keys, but here is " + document.kind());
    }

    /** Whether the key is there; it is known here either way. */
    boolean has(String key) {
        return ask(key) != null;
    }

    /** Whether the key is there, and everything of it was read without complaint. */
    boolean isRead(String key) {
        return entries.containsKey(key) && problems.isRead(pathOf(key));
    }

    /** Reports a key that must not be there, if it is. */
    void refuse(String key, String why) {
        Entry entry = ask(key);
        if (entry != null) {
            complain(key, why);
        }
    }

    /** Reports what is wrong with a key whose value was understood. */
    void complain(String key, String message) {
        Entry entry = entries.get(key);
        problems.addUnread(entry == null ? line : entry.line(), pathOf(key), message);
    }

    /** A value that must be there. */
    <T> T required(String key, Syntax<T> syntax) {
        Entry entry = ask(key);
        if (entry == null) {
            problems.addUnread(line, pathOf(key), "is missing: " + syntax.expected());
            return syntax.harmless();
        }
        return scalar(entry, syntax);
    }

    /** A value that may be left out. */
    <T> T optional(String key, Syntax<T> syntax, T byDefault) {
        Entry entry = ask(key);
        return entry == null ? byDefault : scalar(entry, syntax);
    }

    /** A value that may be left out, and then there is none. */
    <T> Optional<T> value(String key, Syntax<T> syntax) {
        Entry entry = ask(key);
        return entry == null ? Optional.empty() : Optional.of(scalar(entry, syntax));
    }

    /** A block of keys that must be there. */
    <T> T requiredBlock(String key, Function<Section, T> read) {
        Entry entry = ask(key);
        if (entry == null) {
            problems.addUnread(line, pathOf(key), "is missing: a block of keys");
            return harmless(pathOf(key), read);
        }
        return block(pathOf(key), entry.line(), entry.value(), read);
    }

    /** A block of keys that may be left out. */
    <T> Optional<T> optionalBlock(String key, Function<Section, T> read) {
        Entry entry = ask(key);
        return entry == null
                ? Optional.empty()
                : Optional.of(block(pathOf(key), entry.line(), entry.value(), read));
    }

    /** A list of blocks; {@code what} says what an item is. */
    <T> List<T> blocks(String key, String what, Function<Section, T> read) {
        List<T> result = new ArrayList<>();
        List<YamlNode> items = items(key, what);
        for (int i = 0; i < items.size(); i++) {
            String itemPath = pathOf(key) + "[" + i + "]";
            YamlNode item = items.get(i);
            problems.locate(itemPath, item.line());
            result.add(block(itemPath, item.line(), item, read));
        }
        return result;
    }

    /** A list of values; {@code what} says what an item is. */
    <T> List<T> values(String key, String what, Syntax<T> syntax) {
        List<T> result = new ArrayList<>();
        List<YamlNode> items = items(key, what);
        for (int i = 0; i < items.size(); i++) {
            String itemPath = pathOf(key) + "[" + i + "]";
            YamlNode item = items.get(i);
            result.add(scalar(new Entry(item.line(), itemPath, item), itemPath, syntax));
        }
        return result;
    }

    /** Reports the keys that nobody asked for. */
    void close() {
        for (Entry entry : entries.values()) {
            if (!known.contains(entry.key())) {
                String meant =
                        Spelling.nearest(entry.key(), known)
                                .map(word -> "; did you mean '" + word + "'?")
                                .orElse("; known here: " + String.join(", ", known));
                problems.add(entry.line(), pathOf(entry.key()), "is not a key" + meant);
            }
        }
    }

    private <T> T block(String at, int startLine, YamlNode value, Function<Section, T> read) {
        if (value instanceof Mapping mapping) {
            Section section = new Section(problems, at, startLine, mapping);
            T result = read.apply(section);
            section.close();
            return result;
        }
        wrongType(value, at, "a block of keys");
        return harmless(at, read);
    }

    /** What the reader makes of nothing; its complaints go nowhere. */
    private static <T> T harmless(String at, Function<Section, T> read) {
        return read.apply(new Section(new Problems(""), at, 0, new Mapping(0, List.of())));
    }

    private List<YamlNode> items(String key, String what) {
        Entry entry = ask(key);
        if (entry == null) {
            problems.addUnread(
                    line, pathOf(key), "is missing: a list of " + what + ", [] for none");
            return List.of();
        }
        if (entry.value() instanceof Sequence sequence) {
            return sequence.items();
        }
        wrongType(entry.value(), pathOf(key), "a list of " + what);
        return List.of();
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private @Nullable Entry ask(String key) {
        known.add(key);
        Entry entry = entries.get(key);
        if (entry != null) {
            problems.locate(pathOf(key), entry.line());
        }
        return entry;
    }

    private <T> T scalar(Entry entry, Syntax<T> syntax) {
        return scalar(entry, pathOf(entry.key()), syntax);
    }

    private <T> T scalar(Entry entry, String valuePath, Syntax<T> syntax) {
        problems.locate(valuePath, entry.line());
        if (entry.value() instanceof Scalar value && !value.isNull()) {
            Optional<T> parsed = syntax.parse(value);
            if (parsed.isPresent()) {
                return parsed.get();
            }
            problems.addUnread(
                    entry.line(), valuePath, value.kind() + " is not " + syntax.expected());
        } else {
            wrongType(entry.value(), valuePath, syntax.expected());
        }
        return syntax.harmless();
    }

    private void wrongType(YamlNode found, String where, String expected) {
        problems.addUnread(
                found.line(), where, "must be " + expected + ", but here is " + found.kind());
    }
}
