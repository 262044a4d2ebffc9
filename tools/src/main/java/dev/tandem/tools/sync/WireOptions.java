package dev.tandem.tools.sync;

import dev.tandem.sync.capture.DatagramHandler;
import dev.tandem.sync.capture.FrameReader;
import dev.tandem.sync.capture.SyncFilter;
import dev.tandem.sync.capture.SyncSelector;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which of a wire's datagrams are sync messages. */
final class WireOptions {
    private static final int NO_PORT = 0;

    private int firstPort = NO_PORT;
    private int lastPort = NO_PORT;
    private @Nullable InetAddress group;

    @Option(
            names = "--no-checksums",
            description = "Take datagrams whose UDP checksum is wrong, as if it were right.")
    private boolean noChecksums;

    @Option(
            names = "--port",
            paramLabel = "N[-M]",
            description = {
                "Datagrams to this UDP port, or to these, are sync messages. Without it: 8848 to 8911,"
                        + " and in a file every other port that is seen to carry some."
            })
    void port(@Nullable String value) {
        if (value == null) {
            firstPort = NO_PORT;
            return;
        }
        String[] ends = value.split("-", -1);
        firstPort = port(value, ends[0]);
        lastPort = ends.length == 1 ? firstPort : port(value, ends[1]);
        if (ends.length > 2 || lastPort < firstPort) {
            throw badPort(value);
        }
    }

    @Option(
            names = "--group",
            paramLabel = "ADDRESS",
            description = "Only datagrams to this multicast group, or host.")
    void group(@Nullable String value) {
        group = value == null ? null : InetAddress.ofLiteral(value);
    }

    /** What the kernel is to let through at an interface. */
    String filter() {
        return firstPort == NO_PORT
                ? SyncFilter.expression(
                        SyncLinkConfig.DEFAULT_PORT,
                        SyncLinkConfig.DEFAULT_PORT + SyncSelector.MAX_PORTS - 1)
                : SyncFilter.expression(firstPort, lastPort);
    }

    /** Hands the sync messages among a capture's frames to {@code handler}. */
    FrameReader reader(DatagramHandler handler) {
        SyncSelector selector =
                firstPort == NO_PORT
                        ? SyncSelector.detecting(group, handler)
                        : SyncSelector.of(firstPort, lastPort, group, handler);
        return new FrameReader(selector, !noChecksums);
    }

    private static int port(String value, String text) {
        if (text.matches("\\d{1,5}")) {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 0xFFFF) {
                return port;
            }
        }
        throw badPort(value);
    }

    private static IllegalArgumentException badPort(String value) {
        return new IllegalArgumentException("'" + value + "' is no port from 1 to 65535, or N-M");
    }
}
