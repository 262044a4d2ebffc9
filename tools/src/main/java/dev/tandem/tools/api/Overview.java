package dev.tandem.tools.api;

import java.util.List;

/**
 * Answer to {@code GET /v1/clusters}, and to {@code GET /v1/status} of a node of several clusters.
 *
 * @param uptimeMs since the daemon's start
 * @param clusters in the order of the configuration
 */
public record Overview(String node, long uptimeMs, List<Status> clusters) {}
