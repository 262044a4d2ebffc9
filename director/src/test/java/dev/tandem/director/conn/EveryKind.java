package dev.tandem.director.conn;

import static dev.tandem.director.conn.RecordSpec.record;

import java.util.List;

/** Records of every kind, for tests that carry them from one table to another. */
public final class EveryKind {
    private static final int TEMPLATE = 0x1000;

    private EveryKind() {}

    /** How many of {@link #records} are IPv6. */
    public static final int IPV6 = 2;

    /** One of each. */
    public static List<RecordSpec> records() {
        return List.of(
                record("10.77.1.1:1", "10.77.1.100:80", "10.77.2.11:8080"),
                record("10.77.1.1:2", "10.77.1.100:80", "10.77.2.12:8080").flags(0x82),
                record("[fd01::1]:1", "[fd01::100]:80", "[fd02::11]:80").fwmark(9),
                record("[fd01::]:0", "[0:7::]:0", "[fd02::11]:0").protocol(0).flags(TEMPLATE),
                record("10.77.1.0:0", "10.77.1.100:80", "10.77.2.11:8080").flags(TEMPLATE),
                record("10.77.1.1:0", "10.77.1.100:53", "10.77.2.11:5353")
                        .protocol(17)
                        .flags(TEMPLATE)
                        .engine("sip", "c".repeat(255)),
                record("10.77.1.1:0", "10.77.1.100:21", "10.77.2.11:21").flags(0x800),
                record("10.77.1.1:3", "10.77.1.100:22", "10.77.2.11:22")
                        .flags(0x600)
                        .sequence(1, 12, 6, 2, -12, -6),
                record("10.77.1.1:4", "10.77.1.100:80", "10.77.2.11:80").protocol(132).state(8),
                record("10.77.1.1:5", "10.77.1.100:80", "10.77.2.11:80").protocol(50).state(0));
    }

    /** The table's entries, sorted. */
    public static List<String> lines(ConnectionTable table) {
        return Listed.text(table).lines().sorted().toList();
    }
}
