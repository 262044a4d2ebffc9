package dev.tandem.tools.api;

import java.util.List;

/** Answer to {@code GET /v1/history}: the latest first. */
public record History(List<Transition> transitions) {}
