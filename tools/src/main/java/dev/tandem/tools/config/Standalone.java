package dev.tandem.tools.config;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.failover.config.ManualConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration of a node that has no file: one director that stands alone on this host, as the
 * kernel's does. The host holds the addresses; services come later, by ipvsadm.
 */
public final class Standalone {
    private static final Path INTERFACES = Path.of("/sys/class/net");
    private static final String ETHERNET = "1";

    /** IFF_UP of linux/if.h. */
    private static final int UP = 1;

    private Standalone() {}

    /**
     * A node for the interfaces that carry traffic here.
     *
     * @param socket where it is talked to; its reports lie beside
     * @throws IOException when the interfaces cannot be listed, or none can be used
     */
    public static NodeConfig on(Path socket) throws IOException {
        List<String> interfaces = interfaces();
        if (interfaces.isEmpty()) {
            throw new IOException("no Ethernet interface is up here");
        }
        String name = "standalone";
        return new NodeConfig(
                name,
                List.of(
                        new ClusterConfig(
                                name,
                                new Role.Manual(
                                        new ManualConfig(
                                                name,
                                                name,
                                                ManualConfig.DEFAULT_LEASE_MS,
                                                ManualConfig.DEFAULT_DRAIN_MS,
                                                true)),
                                new DirectorConfig(
                                        interfaces,
                                        AddressHolder.HOST,
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        Optional.empty(),
                                        Limits.DEFAULT.connections(),
                                        Limits.DEFAULT.spinMicros(),
                                        DirectorSettings.DEFAULT))),
                new ApiConfig(socket, Path.of(socket + ".reports")));
    }

    /** Those that are up, but for ports of a bridge or bond: their frames come by way of it. */
    private static List<String> interfaces() throws IOException {
        try (Stream<Path> all = Files.list(INTERFACES)) {
            return all.filter(Standalone::carriesTraffic)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static boolean carriesTraffic(Path directory) {
        try {
            return Files.readString(directory.resolve("type")).strip().equals(ETHERNET)
                    && (Integer.decode(Files.readString(directory.resolve("flags")).strip()) & UP)
                            != 0
                    && !Files.exists(directory.resolve("master"));
        } catch (IOException _) {
            return false; // it is gone, or no interface
        }
    }
}
