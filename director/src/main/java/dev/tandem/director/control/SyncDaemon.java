package dev.tandem.director.control;

import dev.tandem.director.config.SyncConfig;

/**
 * A sync daemon as the kernel has them: one that sends, one that receives, or both.
 *
 * @param master whether it sends
 */
public record SyncDaemon(boolean master, SyncConfig config) {}
