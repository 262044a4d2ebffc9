package dev.tandem.director.service;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.LiveSettings;
import java.net.InetAddress;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What commands to services must know of the director around them.
 *
 * @param isOwn whether an address is this director's own, so that no packet can be sent there
 * @param replicated whether connections are replicated: the sync protocol has no room for a server
 *     of another family than its clients
 * @param engines names of the persistence engines there are
 * @param settings of which {@code run_estimation} is asked, and what schedulers ask
 */
public record Surroundings(
        Predicate<InetAddress> isOwn,
        boolean replicated,
        Set<String> engines,
        LiveSettings settings) {
    /** No addresses, no replication, no engines, default settings. */
    public static Surroundings none() {
        return new Surroundings(
                _ -> false, false, Set.of(), new LiveSettings(DirectorSettings.DEFAULT));
    }
}
