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
 * @param ftpPorts ports of services whose connections are FTP control connections, each once, at
 *     most {@value #MAX_FTP_PORTS}
 * @param gateway who is asked all the time whether he is there; empty: nobody
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
        DirectorSettings settings,
        List<Integer> ftpPorts,
        GuardMode hostGuard,
        Optional<GatewayConfig> gateway) {
    /** Where FTP's control connections usually are (RFC 959). */
    public static final List<Integer> DEFAULT_FTP_PORTS = List.of(21);

    /** Most ports that FTP may have, as in the kernel (ip_vs_ftp, {@code ports}). */
    public static final int MAX_FTP_PORTS = 8;

    /** With FTP on its usual port, and a host guard where it is needed. */
    public DirectorConfig(
            List<String> interfaces,
            AddressHolder addressHolder,
            List<VirtualAddress> addresses,
            List<VirtualServiceConfig> services,
            List<MarkRule> marks,
            Optional<SyncConfig> sync,
            int connectionLimit,
            int spinMicros,
            DirectorSettings settings) {
        this(
                interfaces,
                addressHolder,
                addresses,
                services,
                marks,
                sync,
                connectionLimit,
                spinMicros,
                settings,
                DEFAULT_FTP_PORTS,
                GuardMode.AUTO,
                Optional.empty());
    }

    /** Interfaces with virtual addresses; all, where the host has the addresses. */
    public List<String> addressInterfaces() {
        return addresses.isEmpty()
                ? interfaces
                : addresses.stream().map(VirtualAddress::interfaceName).distinct().toList();
    }

    public DirectorConfig {
        interfaces = List.copyOf(interfaces);
        addresses = List.copyOf(addresses);
        services = List.copyOf(services);
        marks = List.copyOf(marks);
        ftpPorts = List.copyOf(ftpPorts);
    }
}
