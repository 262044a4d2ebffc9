package dev.tandem.sync.transport;

import dev.tandem.sync.SyncEncoder;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** What can be said against a link's settings without looking at the machine. */
final class LinkChecks {
    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORTS = 64;
    private static final int MAX_TTL = 255;
    private static final int MIN_QUEUE = 8;
    private static final int MAX_QUEUE = 65_536;
    private static final int MIN_BUFFER = 1024;
    private static final int MAX_BUFFER = 1 << 30;

    private final SyncLinkConfig config;
    private final List<String> problems = new ArrayList<>();

    private LinkChecks(SyncLinkConfig config) {
        this.config = config;
    }

    static List<String> problems(SyncLinkConfig config) {
        LinkChecks checks = new LinkChecks(config);
        checks.addresses();
        checks.ports();
        checks.sizes();
        return List.copyOf(checks.problems);
    }

    private void addresses() {
        if (config.interfaceName().isBlank()) {
            problems.add("no interface is named");
        }
        if (config.peers().isEmpty()) {
            if (!config.group().isMulticastAddress()) {
                problems.add(config.group().getHostAddress() + " is not a multicast group");
            }
            return;
        }
        for (InetSocketAddress peer : config.peers()) {
            InetAddress address = peer.getAddress();
            if (address == null) {
                problems.add("peer " + peer.getHostString() + " is not an address");
            } else if (address.isMulticastAddress() || address.isAnyLocalAddress()) {
                problems.add("peer " + address.getHostAddress() + " is not a unicast address");
            } else if (address instanceof Inet6Address != config.ipv6()) {
                problems.add("peers are of IPv4 and of IPv6, allowed is one family");
            }
            within("port of a peer", peer.getPort(), 1, MAX_PORT - config.ports() + 1);
        }
    }

    private void ports() {
        if (config.ports() < 1
                || config.ports() > MAX_PORTS
                || Integer.bitCount(config.ports()) != 1) {
            problems.add("%d ports are not 1, 2, 4, 8, 16, 32 or 64".formatted(config.ports()));
            within("port", config.port(), 1, MAX_PORT);
        } else {
            within("port", config.port(), 1, MAX_PORT - config.ports() + 1);
        }
        within("TTL", config.ttl(), 1, MAX_TTL);
    }

    private void sizes() {
        if (config.maxLength() != 0) {
            within(
                    "message length",
                    config.maxLength(),
                    SyncEncoder.MIN_LENGTH,
                    config.longestMessage());
        }
        within("queue length", config.queueLength(), MIN_QUEUE, MAX_QUEUE);
        long bytes = (long) config.queueLength() * config.sendLength();
        if (bytes > SyncLinkConfig.MAX_QUEUE_BYTES) {
            problems.add(
                    "%d messages of %d bytes may wait, allowed are %d bytes together"
                            .formatted(
                                    config.queueLength(),
                                    config.sendLength(),
                                    SyncLinkConfig.MAX_QUEUE_BYTES));
        }
        if (config.socketBufferBytes() != 0) {
            within("socket buffer", config.socketBufferBytes(), MIN_BUFFER, MAX_BUFFER);
        }
    }

    private void within(String what, int value, int low, int high) {
        if (value < low || value > high) {
            problems.add("%s %d is not in %d..%d".formatted(what, value, low, high));
        }
    }
}
