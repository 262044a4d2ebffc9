package dev.tandem.director.control;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What keeps the data plane from working at the moment: one text per source, so that a source that
 * recovers takes back its own and no other. Any thread.
 */
final class Faults {
    private final Map<String, String> bySource = new ConcurrentSkipListMap<>();

    /**
     * @param source what is broken: an interface's name, or "packet loop"
     */
    void raise(String source, String text) {
        bySource.put(source, text);
    }

    void clear(String source) {
        bySource.remove(source);
    }

    /** Empty when all is well. */
    String text() {
        return bySource.isEmpty() ? "" : String.join("; ", bySource.values());
    }
}
