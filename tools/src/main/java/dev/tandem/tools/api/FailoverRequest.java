package dev.tandem.tools.api;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /v1/failover}.
 *
 * @param to who shall be master; left out for whoever is readiest
 */
public record FailoverRequest(@Nullable String to) {}
