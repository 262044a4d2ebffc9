package dev.tandem.tools.sync;

import java.util.List;

/** A virtual service of a rules file, and its servers. */
final class Rule {
    private Rule() {}

    /**
     * @param protocol TCP, UDP, SCTP, or empty with a firewall mark
     * @param fwmark 1 to 4294967295, or 0
     * @param virtual ADDRESS:PORT as listings write it, or empty with a firewall mark
     * @param address the address in it
     * @param port 0 to 65535
     * @param persistentSeconds 0 when it is not persistent
     * @param engine name of its persistence engine, or empty
     */
    record Service(
            String protocol,
            long fwmark,
            boolean ipv6,
            String virtual,
            String address,
            int port,
            String scheduler,
            int persistentSeconds,
            String engine,
            boolean onePacket,
            List<Server> servers) {}

    /**
     * @param address as listings write it
     * @param method nat, dr, tunnel
     */
    record Server(String address, int port, String method, int weight) {}
}
