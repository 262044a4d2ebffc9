package dev.tandem.tools.api;

import java.util.List;

/** Answer to {@code GET /v1/reports}: the latest first. */
public record Reports(List<Report> reports) {}
