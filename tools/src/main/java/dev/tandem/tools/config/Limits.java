package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.integer;
import static dev.tandem.tools.config.Syntax.interfaceName;
import static dev.tandem.tools.config.Syntax.oneOf;
import static dev.tandem.tools.config.Syntax.port;

import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.GuardMode;
import java.util.List;

/** The block {@code director}: what a cluster has of the machine, and how it gets on with it. */
record Limits(
        List<String> interfaces,
        int connections,
        int spinMicros,
        List<Integer> ftpPorts,
        GuardMode hostGuard) {
    static final Limits DEFAULT =
            new Limits(List.of(), 1 << 20, 0, DirectorConfig.DEFAULT_FTP_PORTS, GuardMode.AUTO);

    /** What the block says, and for the rest what holds without it. */
    static Limits read(Section section, Limits otherwise, boolean interfacesNeeded) {
        return new Limits(
                interfacesNeeded || section.has("interfaces")
                        ? section.values("interfaces", "interface names", interfaceName())
                        : otherwise.interfaces(),
                section.optional("connections", integer(1024, 1 << 24), otherwise.connections()),
                section.optional("spin-micros", integer(0, 1_000_000), otherwise.spinMicros()),
                section.has("ftp-ports") ? ftpPorts(section) : otherwise.ftpPorts(),
                section.optional("host-guard", oneOf(GuardMode.class), otherwise.hostGuard()));
    }

    private static List<Integer> ftpPorts(Section section) {
        List<Integer> ports = section.values("ftp-ports", "ports of FTP services", port());
        if (!section.isRead("ftp-ports")) {
            return ports;
        }
        if (ports.size() > DirectorConfig.MAX_FTP_PORTS) {
            section.complain(
                    "ftp-ports",
                    "has %d ports; at most %d are allowed, as in the kernel"
                            .formatted(ports.size(), DirectorConfig.MAX_FTP_PORTS));
        }
        for (int i = 0; i < ports.size(); i++) {
            if (ports.indexOf(ports.get(i)) < i) {
                section.complain("ftp-ports", "has port " + ports.get(i) + " twice");
            }
        }
        return ports;
    }
}
