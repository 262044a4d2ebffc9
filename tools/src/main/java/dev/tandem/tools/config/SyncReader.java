package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.flag;
import static dev.tandem.tools.config.Syntax.integer;
import static dev.tandem.tools.config.Syntax.interfaceName;
import static dev.tandem.tools.config.Syntax.linkAddress;
import static dev.tandem.tools.config.Syntax.multicastGroup;
import static dev.tandem.tools.config.Syntax.oneOf;
import static dev.tandem.tools.config.Syntax.port;
import static dev.tandem.tools.config.Syntax.powerOfTwo;

import dev.tandem.director.config.SyncConfig;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.sync.table.TableConfig;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Reads the block {@code sync}, whose words are those of the kernel's sync daemon. */
final class SyncReader {
    static final int MAX_PATH = 4095;

    /** The longest UDP payload over IPv4; the shortest that holds a header and a record. */
    private static final int MAX_LENGTH = 65_507;

    private static final int MIN_LENGTH = 44;

    private static final InetAddress DEFAULT_GROUP =
            AddressSyntax.ipv4(SyncLinkConfig.DEFAULT_GROUP).orElseThrow();

    private final KeyReader keys;

    SyncReader(KeyReader keys) {
        this.keys = keys;
    }

    SyncConfig read(Section section) {
        SyncLinkConfig link = link(section);
        return new SyncConfig(
                link,
                section.optional("syncid", integer(0, 255), 0),
                section.optional("version", integer(0, 1), 1),
                new SyncPolicy(
                        section.optional("threshold", integer(0, Integer.MAX_VALUE), 3),
                        section.optional("period", integer(0, Integer.MAX_VALUE), 50),
                        section.optional("refresh-period", integer(0, Integer.MAX_VALUE), 0),
                        section.optional("retries", integer(0, 3), 0),
                        section.optional("persist-mode", flag(), false)),
                section.optional("flush-ms", integer(1, 10_000), SyncConfig.DEFAULT_FLUSH_MS),
                hardening(section),
                tables(section, link.peers()));
    }

    /**
     * Without peers when none are named: they may be those of the failover.
     *
     * @param linked the peers of the link
     */
    private static Optional<TableConfig> tables(Section section, List<InetSocketAddress> linked) {
        int port = section.optional("table-port", integer(0, 65_535), TableConfig.DEFAULT_PORT);
        List<InetAddress> peers =
                section.has("table-peers")
                        ? section.values("table-peers", "the other directors", linkAddress())
                        : linked.stream().map(InetSocketAddress::getAddress).toList();
        return port == 0
                ? Optional.empty()
                : Optional.of(new TableConfig(Optional.empty(), port, peers));
    }

    private static SyncLinkConfig link(Section section) {
        String interfaceName = section.required("interface", interfaceName());
        int port = section.optional("port", port(), SyncLinkConfig.DEFAULT_PORT);
        List<InetAddress> peers =
                section.has("peers")
                        ? section.values("peers", "the other nodes' addresses", linkAddress())
                        : List.of();
        if (section.has("peers")) {
            section.refuse("group", "is not used with peers: messages go to them alone");
        }
        InetAddress group =
                section.has("peers")
                        ? DEFAULT_GROUP
                        : section.optional("group", multicastGroup(), DEFAULT_GROUP);
        return new SyncLinkConfig(
                interfaceName,
                group,
                peers.stream().map(peer -> new InetSocketAddress(peer, port)).toList(),
                port,
                section.optional("ports", powerOfTwo(64), 1),
                section.optional("ttl", integer(1, 255), SyncLinkConfig.DEFAULT_TTL),
                section.optional("maxlen", integer(MIN_LENGTH, MAX_LENGTH), 0),
                section.optional("queue", integer(8, 65_536), SyncLinkConfig.DEFAULT_QUEUE_LENGTH),
                section.optional("sock-size", integer(0, 1 << 30), 0));
    }

    /** With keys and no word about it: permissive, so that nodes get them one after the other. */
    private HardeningConfig hardening(Section section) {
        List<SyncKey> shared = keys.read(section);
        Mode mode =
                section.optional(
                        "hardening",
                        oneOf(Mode.class),
                        shared.isEmpty() ? Mode.OFF : Mode.PERMISSIVE);
        return new HardeningConfig(mode, shared);
    }
}
