package dev.tandem.tools.config;

/**
 * One thing wrong in a configuration file.
 *
 * @param line counted from 1
 * @param key path of the key, such as {@code services[0].servers[1].port}; empty for the file
 * @param message what is wrong and what would be right
 */
public record Problem(String file, int line, String key, String message) {
    /** As compilers print it, so that editors can jump there. */
    @Override
    public String toString() {
        return file + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }
}
