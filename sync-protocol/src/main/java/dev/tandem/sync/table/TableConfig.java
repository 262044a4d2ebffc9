package dev.tandem.sync.table;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Who gives its table to whom.
 *
 * @param bind the address that is listened at and called from; empty: the sync interface's
 * @param port TCP port on every node, 1 to 65535
 * @param peers the other directors' addresses: nobody else is talked to
 */
public record TableConfig(Optional<InetAddress> bind, int port, List<InetAddress> peers) {
    /** The port after that of sync messages. */
    public static final int DEFAULT_PORT = 8849;

    public TableConfig {
        peers = List.copyOf(peers);
    }
}
