package dev.tandem.director.service;

import dev.tandem.director.config.VirtualServiceConfig;
import java.util.List;

/**
 * All services as they stood after a change.
 *
 * @param version grows with every change
 * @param services those by address in the order in which they were added, then those by mark
 */
public record ServicesSnapshot(long version, List<VirtualServiceConfig> services) {}
