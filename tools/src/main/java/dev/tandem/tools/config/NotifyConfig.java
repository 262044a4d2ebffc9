package dev.tandem.tools.config;

import java.util.List;
import java.util.Set;

/**
 * A program that is told of changes of a node's state.
 *
 * @param command an absolute path and arguments
 * @param states which new states it is told of, by name; empty: all
 * @param timeoutMs it is killed then, and has failed
 * @param attempts how often it is tried before it is given up
 */
public record NotifyConfig(List<String> command, Set<String> states, int timeoutMs, int attempts) {
    public NotifyConfig {
        command = List.copyOf(command);
        states = Set.copyOf(states);
    }
}
