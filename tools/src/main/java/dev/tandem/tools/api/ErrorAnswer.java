package dev.tandem.tools.api;

/** Every answer that is not 200. */
record ErrorAnswer(String error) {}
