package dev.tandem.tools.api;

import java.util.List;

/**
 * Answer to {@code GET /v1/connections}.
 *
 * @param total entries in the whole table
 * @param truncated whether more entries match than the limit allowed
 */
public record Connections(int total, boolean truncated, List<Connection> connections) {

    /**
     * A connection entry.
     *
     * @param protocol TCP or UDP
     * @param expiresSeconds until it is forgotten, unless another packet comes
     * @param state the kernel's name
     * @param forwarding nat or dr
     * @param synced whether it came from the peer, not from a packet
     */
    public record Connection(
            String protocol,
            long expiresSeconds,
            String state,
            String client,
            int clientPort,
            String virtual,
            int virtualPort,
            String real,
            int realPort,
            String forwarding,
            boolean synced) {}
}
