package dev.tandem.tools.api;

import dev.tandem.director.conn.ConnectionView;
import java.util.List;

/**
 * Answer to {@code GET /v1/connections}.
 *
 * @param total entries in the whole table
 * @param truncated whether the limit was reached, so that there may be more
 */
public record Connections(int total, boolean truncated, List<ConnectionView> connections) {}
