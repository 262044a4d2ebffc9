package dev.tandem.tools.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The rights of this process, by linux/capability.h. */
final class Capabilities {
    static final String NAMES = "CAP_NET_ADMIN, CAP_NET_RAW, CAP_SYS_ADMIN";
    private static final long NEEDED = 1L << 12 | 1L << 13 | 1L << 21;

    private Capabilities() {}

    /** Whether this process may make network namespaces and start directors in them. */
    static boolean sufficient() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> line.substring("CapEff:".length()).strip())
                .anyMatch(hex -> (Long.parseUnsignedLong(hex, 16) & NEEDED) == NEEDED);
    }
}
