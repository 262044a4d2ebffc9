package dev.tandem.tools.sync;

import dev.tandem.sync.capture.Capture;
import dev.tandem.sync.capture.FrameReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem sync replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Send a capture's sync messages again, by default to the groups and ports they went to.",
            "Whoever listens there takes them for real: mind the wire."
        },
        footer = {
            "",
            "Examples:",
            "  tandem sync replay sync.pcap -i veth0",
            "  tandem sync replay sync.pcap -i veth0 --speed max --syncid 7 --to 224.0.0.81:8848"
        })
final class ReplayCommand implements Callable<Integer> {
    @Mixin private final WireOptions wire = new WireOptions();
    @Mixin private final LimitOptions limits = new LimitOptions();
    @Mixin private final SyncIds syncIds = new SyncIds();

    @SuppressWarnings("NullAway") // picocli sets it
    @Parameters(paramLabel = "CAPTURE", description = "A pcap or pcapng file.")
    private Path file;

    @SuppressWarnings("NullAway") // picocli sets it
    @Option(
            names = {"-i", "--interface"},
            required = true,
            paramLabel = "IF",
            description = "The interface to send on.")
    private String interfaceName;

    @Option(
            names = "--ttl",
            paramLabel = "N",
            defaultValue = "1",
            description = "TTL or hop limit. Default: 1")
    private int ttl;

    private double speed = 1;
    private @Nullable InetSocketAddress to;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--speed",
            paramLabel = "X|max",
            description = "So many times as fast as it was, or without any pause. Default: 1")
    void speed(@Nullable String value) {
        speed = 1;
        if (value != null) {
            speed =
                    value.toLowerCase(Locale.ROOT).equals("max")
                            ? Double.POSITIVE_INFINITY
                            : Double.parseDouble(value);
            if (!(speed > 0)) {
                throw new IllegalArgumentException("the speed must be above 0");
            }
        }
    }

    @Option(
            names = "--to",
            paramLabel = "ADDRESS:PORT",
            description = "Send all of them there; an IPv6 address in brackets.")
    void to(@Nullable String value) {
        to = null;
        if (value != null) {
            int colon = value.lastIndexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("'" + value + "' is not ADDRESS:PORT");
            }
            String address = value.substring(0, colon).replaceAll("[\\[\\]]", "");
            to =
                    new InetSocketAddress(
                            InetAddress.ofLiteral(address),
                            Integer.parseInt(value.substring(colon + 1)));
        }
    }

    @Override
    public Integer call() throws IOException {
        NetworkInterface netif = NetworkInterface.getByName(interfaceName);
        if (netif == null) {
            throw new IOException("no interface " + interfaceName + ", or it has no address");
        }
        try (Ending ending = limits.ending(true);
                Capture capture = Capture.openFile(file);
                Replayer replayer = new Replayer(syncIds, netif, to, speed, ttl, ending)) {
            FrameReader reader = wire.reader(ending.counting(replayer));
            while (!ending.isReached() && capture.next(reader) == Capture.Next.FRAME) {}
            spec.commandLine()
                    .getErr()
                    .printf("%d messages, %d bytes sent%n", replayer.sent(), replayer.bytes());
        } catch (UncheckedIOException e) {
            throw new IOException(e.getCause() == null ? e : e.getCause());
        }
        return ExitCode.OK;
    }
}
