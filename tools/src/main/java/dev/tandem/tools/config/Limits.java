package dev.tandem.tools.config;

import static dev.tandem.tools.config.Syntax.integer;
import static dev.tandem.tools.config.Syntax.interfaceName;

import java.util.List;

/** The block {@code director}: what a cluster has of the machine. */
record Limits(List<String> interfaces, int connections, int spinMicros) {
    static final Limits DEFAULT = new Limits(List.of(), 1 << 20, 0);

    /** What the block says, and for the rest what holds without it. */
    static Limits read(Section section, Limits otherwise, boolean interfacesNeeded) {
        return new Limits(
                interfacesNeeded || section.has("interfaces")
                        ? section.values("interfaces", "interface names", interfaceName())
                        : otherwise.interfaces(),
                section.optional("connections", integer(1024, 1 << 24), otherwise.connections()),
                section.optional("spin-micros", integer(0, 1_000_000), otherwise.spinMicros()));
    }
}
