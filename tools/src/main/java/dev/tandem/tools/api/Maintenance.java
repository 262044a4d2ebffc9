package dev.tandem.tools.api;

import org.jspecify.annotations.Nullable;

/**
 * Answer to {@code POST /v1/maintenance}.
 *
 * @param on whether the node is kept from owning the addresses now
 * @param handover how it gave them up; null when it did not own them
 */
public record Maintenance(String node, String cluster, boolean on, @Nullable Report handover) {}
