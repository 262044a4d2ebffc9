package dev.tandem.director.config;

import java.util.List;
import java.util.Optional;

/**
 * Everything a director needs to know.
 *
 * @param interfaces names of the interfaces that carry traffic, each once
 * @param addressHolder who holds the services' addresses
 * @param addresses the group of virtual addresses that moves as one; may be empty when the host
 *     holds them
 * @param marks which packets carry a firewall mark; the first rule that matches decides
 * @param sync empty: connections are not replicated
 * @param connectionLimit entries the table can hold, 1024 to 16777216
 * @param spinMicros how long an idle worker spins before it sleeps in poll(2), 0 to 1000000
 * @param settings those that the director starts with
 */
public record DirectorConfig(
        List<String> interfaces,
        AddressHolder addressHolder,
        List<VirtualAddress> addresses,
        List<VirtualServiceConfig> services,
        List<MarkRule> marks,
        Optional<SyncConfig> sync,
        int connectionLimit,
        int spinMicros,
        DirectorSettings settings) {
    public DirectorConfig {
        interfaces = List.copyOf(interfaces);
        addresses = List.copyOf(addresses);
        services = List.copyOf(services);
        marks = List.copyOf(marks);
    }
}
