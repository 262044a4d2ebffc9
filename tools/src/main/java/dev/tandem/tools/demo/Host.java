package dev.tandem.tools.demo;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tandem.tools.demo.lab.Commands;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a lab needs of the machine, said before anything is touched. */
public final class Host {
    /** linux/capability.h: 12, 13 and 21. */
    private static final String RIGHTS = "CAP_NET_ADMIN, CAP_NET_RAW, CAP_SYS_ADMIN";

    private static final long RIGHTS_MASK = 1L << 12 | 1L << 13 | 1L << 21;

    /** Open files of a run beside its connections. */
    private static final long OTHER_FILES = 300;

    private Host() {}

    /**
     * Refuses where a run could not work.
     *
     * @param programs that it calls
     * @param connections that it holds
     */
    public static void check(List<String> programs, int connections)
            throws DemoFailure, IOException {
        for (String program : programs) {
            if (!Commands.installed(program)) {
                throw new DemoFailure(
                        program + " is not installed: apt-get install iproute2 ethtool nftables");
            }
        }
        if (!mayMakeNamespaces()) {
            throw new DemoFailure("it makes network namespaces and needs root (" + RIGHTS + ")");
        }
        long needed = connections + OTHER_FILES;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                && os.getMaxFileDescriptorCount() < needed) {
            throw new DemoFailure(
                    "%d connections need %d open files, and the limit is %d: see ulimit -n"
                            .formatted(connections, needed, os.getMaxFileDescriptorCount()));
        }
    }

    private static boolean mayMakeNamespaces() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> line.substring("CapEff:".length()).strip())
                .anyMatch(hex -> (Long.parseUnsignedLong(hex, 16) & RIGHTS_MASK) == RIGHTS_MASK);
    }
}
