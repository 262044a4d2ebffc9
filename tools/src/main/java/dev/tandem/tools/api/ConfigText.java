package dev.tandem.tools.api;

/**
 * Answer to {@code GET} and {@code POST /v1/config}: the node's configuration file with the
 * services and settings as they are now.
 *
 * @param file where it is
 * @param changed whether that is not what the file said
 * @param text all of it
 */
public record ConfigText(String file, boolean changed, String text) {}
