package dev.tandem.tools.chaos;

import java.time.Duration;

/**
 * What run is wanted.
 *
 * @param seed of the schedule
 * @param connections 1 to 20000
 * @param rounds at most so many
 * @param time no round begins later than this after the first
 * @param withinMs how long there may be no owner, in milliseconds
 */
record ChaosOptions(long seed, int connections, int rounds, Duration time, int withinMs) {}
