package dev.tandem.tools.ipvsadm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Words read as popt(3) reads them: {@code -Ln}, {@code -t10.0.0.1:80}, {@code -t=10.0.0.1:80},
 * {@code --pe sip}, {@code --pe=sip}; after {@code --} nothing is an option, and what is none is
 * collected. A value may begin with a dash, but for one that need not be there.
 *
 * @param <K> what an option means
 */
final class Popt<K> {
    /** Whether a value stands behind an option. */
    enum Value {
        NONE,
        /** Of ours: only behind an equals sign; to popt it is one that has none. */
        ATTACHED,
        OPTIONAL,
        NEEDED
    }

    /**
     * How an option is written.
     *
     * @param letter 0: only the long form
     * @param name empty: only the short form
     */
    record Spelling<K>(K meaning, char letter, String name, Value value) {}

    /** An option that popt cannot read; it says {@code BAD OPTION: WHY}. */
    static final class BadOption extends Exception {
        private static final long serialVersionUID = 1;

        BadOption(String option, String why) {
            super(option + ": " + why);
        }
    }

    private final List<Spelling<K>> spellings;
    private final List<String> words;
    private final List<String> leftovers = new ArrayList<>();

    /** The word that is read next. */
    private int at;

    /** What is left of a word of short options. */
    private String cluster = "";

    private boolean onlyLeftovers;
    private @Nullable String value;

    Popt(List<Spelling<K>> spellings, List<String> words) {
        this.spellings = spellings;
        this.words = words;
    }

    /**
     * The next option; null at the end.
     *
     * @throws BadOption when it is unknown, lacks its value or has one too many
     */
    @Nullable K next() throws BadOption {
        while (cluster.isEmpty()) {
            if (at == words.size()) {
                return null;
            }
            String word = words.get(at++);
            if (onlyLeftovers || !word.startsWith("-") || word.equals("-")) {
                leftovers.add(word);
            } else if (word.equals("--")) {
                onlyLeftovers = true;
            } else if (word.startsWith("--")) {
                int equals = word.indexOf('=');
                String name = word.substring(2, equals < 0 ? word.length() : equals);
                return read(byName(name), equals < 0 ? null : word.substring(equals + 1));
            } else {
                cluster = word.substring(1);
            }
        }
        Spelling<K> spelling = byLetter(cluster.charAt(0));
        String rest = cluster.substring(1);
        if (alone(spelling) && !rest.startsWith("=")) {
            cluster = rest;
            return read(spelling, null);
        }
        cluster = "";
        return read(
                spelling, rest.isEmpty() ? null : rest.startsWith("=") ? rest.substring(1) : rest);
    }

    /** The value of the option that came last; null when it has none. */
    @Nullable String value() {
        return value;
    }

    /** The word that was read last. */
    String lastWord() {
        return words.get(at - 1);
    }

    /** What is no option, in its order. */
    List<String> leftovers() {
        return leftovers;
    }

    private K read(Spelling<K> spelling, @Nullable String attached) throws BadOption {
        value = attached;
        if (spelling.value() == Value.NONE && attached != null) {
            throw unwanted();
        }
        if (!alone(spelling) && attached == null) {
            boolean next =
                    at < words.size()
                            && (spelling.value() == Value.NEEDED || !words.get(at).startsWith("-"));
            if (next) {
                value = words.get(at++);
            } else if (spelling.value() == Value.NEEDED) {
                throw new BadOption(lastWord(), "missing argument");
            }
        }
        return spelling.meaning();
    }

    /** That the option which came last has a value that it does not take. */
    BadOption unwanted() {
        return new BadOption(lastWord(), "option does not take an argument");
    }

    private static boolean alone(Spelling<?> spelling) {
        return spelling.value() == Value.NONE || spelling.value() == Value.ATTACHED;
    }

    private Spelling<K> byName(String name) throws BadOption {
        for (Spelling<K> spelling : spellings) {
            if (!name.isEmpty() && spelling.name().equals(name)) {
                return spelling;
            }
        }
        throw new BadOption(lastWord(), "unknown option");
    }

    private Spelling<K> byLetter(char letter) throws BadOption {
        for (Spelling<K> spelling : spellings) {
            if (spelling.letter() == letter) {
                return spelling;
            }
        }
        throw new BadOption(lastWord(), "unknown option");
    }
}
