package dev.tandem.director.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.packet.Packet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which service a packet is for: the kernel's order. */
class ServiceLookupTest {
    private static final List<String> ALL =
            List.of(
                    "tcp 10.0.0.1 80",
                    "tcp 10.0.0.1 21",
                    "tcp 10.0.0.1 8080",
                    "udp 10.0.0.1 0",
                    "tcp 10.0.0.2 0",
                    "sctp 10.0.0.1 80",
                    "tcp 2001:db8::1 80",
                    "tcp 2001:db8::2 0",
                    "mark 7",
                    "mark6 7",
                    "mark 4294967295");

    private final Services services = new Services();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    6   | 0  | 10.0.0.1    | 80    | TCP 10.0.0.1:80
                    132 | 0  | 10.0.0.1    | 80    | SCTP 10.0.0.1:80
                    6   | 7  | 10.0.0.1    | 80    | mark 7
                    6   | 7  | 10.9.9.9    | 5     | mark 7
                    17  | 7  | 10.9.9.9    | 5     | mark 7
                    6   | 7  | 2001:db8::9 | 80    | mark 7 IPv6
                    6   | -1 | 10.9.9.9    | 80    | mark 4294967295
                    6   | 8  | 10.0.0.1    | 80    | TCP 10.0.0.1:80
                    6   | 8  | 10.9.9.9    | 80    | none
                    6   | 0  | 10.0.0.1    | 20    | TCP 10.0.0.1:21
                    6   | 0  | 10.0.0.1    | 1023  | none
                    6   | 0  | 10.0.0.1    | 1024  | TCP 10.0.0.1:21
                    6   | 0  | 10.0.0.1    | 65535 | TCP 10.0.0.1:21
                    6   | 0  | 10.0.0.1    | 8080  | TCP 10.0.0.1:8080
                    132 | 0  | 10.0.0.1    | 2000  | none
                    17  | 0  | 10.0.0.1    | 2000  | UDP 10.0.0.1:0
                    6   | 0  | 10.0.0.2    | 20    | TCP 10.0.0.2:0
                    6   | 0  | 10.0.0.2    | 80    | TCP 10.0.0.2:0
                    17  | 0  | 10.0.0.2    | 80    | none
                    6   | 0  | 2001:db8::1 | 80    | TCP [2001:db8:0:0:0:0:0:1]:80
                    6   | 0  | 2001:db8::2 | 81    | TCP [2001:db8:0:0:0:0:0:2]:0
                    6   | 0  | 2001:db8::1 | 81    | none
                    6   | 0  | ::a00:1     | 80    | none
                    """)
    void shouldFindInTheKernelsOrder(int protocol, int mark, String to, int port, String expected) {
        ALL.forEach(id -> services.add(Given.id(id), Given.options(id, "rr")));

        assertEquals(expected, find(protocol, mark, to, port));
    }

    /** The rules beside the exact one ask only when some service needs them. */
    @ParameterizedTest
    @ValueSource(ints = {20, 21, 2000})
    void shouldFindNothingByOtherPortsWithoutSuchAService(int port) {
        services.add(Given.id("tcp 10.0.0.1 80"), Given.options("tcp 10.0.0.1 80", "rr"));

        assertEquals("none", find(6, 0, "10.0.0.1", port));
    }

    @Test
    void shouldNoLongerFindWhatWasDeleted() {
        ALL.forEach(id -> services.add(Given.id(id), Given.options(id, "rr")));
        services.delete(Given.id("tcp 10.0.0.1 21"));
        services.delete(Given.id("tcp 10.0.0.2 0"));
        services.delete(Given.id("mark 7"));

        assertEquals("none", find(6, 0, "10.0.0.1", 20));
        assertEquals("none", find(6, 0, "10.0.0.2", 80));
        assertEquals("TCP 10.0.0.1:80", find(6, 7, "10.0.0.1", 80));
        assertEquals("TCP 10.0.0.1:8080", find(6, 0, "10.0.0.1", 8080));
    }

    /** Synced connections: the server of the port, or the one that takes any port; by NAT first. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    0 | 6 | 10.0.0.1    | 80 | 10.1.0.1    | 8080 | 0 | 10.1.0.1:8080
                    0 | 6 | 10.0.0.1    | 80 | 10.1.0.1    | 8081 | 0 | none
                    0 | 6 | 10.0.0.2    | 99 | 10.1.0.2    | 99   | 0 | 10.1.0.2:0
                    7 | 6 | 10.9.9.9    | 99 | 10.1.0.3    | 99   | 0 | 10.1.0.3:99
                    7 | 6 | 10.9.9.9    | 99 | 10.1.0.3    | 99   | 3 | 10.1.0.3:0
                    7 | 6 | 10.9.9.9    | 98 | 10.1.0.3    | 98   | 0 | 10.1.0.3:0
                    0 | 6 | 2001:db8::1 | 80 | 2001:db8::9 | 80   | 0 | [2001:db8:0:0:0:0:0:9]:80
                    0 | 6 | 10.0.0.9    | 80 | 10.1.0.1    | 8080 | 0 | none
                    """)
    void shouldFindTheServerOfASyncedConnection(
            int mark,
            int protocol,
            String virtual,
            int virtualPort,
            String real,
            int realPort,
            int method,
            String expected) {
        ALL.forEach(id -> services.add(Given.id(id), Given.options(id, "rr")));
        services.add(Given.id("tcp 10.0.0.1 80"), Given.server("10.1.0.1", 8080));
        services.add(Given.id("tcp 10.0.0.2 0"), Given.server("10.1.0.2", 0));
        services.add(Given.id("mark 7"), Given.server("10.1.0.3", 0));
        services.add(Given.id("mark 7"), Given.server("10.1.0.3", 99));
        services.add(Given.id("tcp 2001:db8::1 80"), Given.server("2001:db8::9", 80));
        Packet to = Given.packet(protocol, real, virtual, virtualPort);

        RealServer found =
                services.findSynced(
                        to.ipv6,
                        mark,
                        protocol,
                        to.destinationHigh,
                        to.destinationLow,
                        virtualPort,
                        real.contains(":"),
                        to.sourceHigh,
                        to.sourceLow,
                        realPort,
                        method);

        assertEquals(expected, found == null ? "none" : found.config().name());
    }

    private String find(int protocol, int mark, String to, int port) {
        String from = to.contains(":") ? "2001:db8::99" : "192.0.2.1";
        Packet packet = Given.packet(protocol, from, to, port);
        packet.fwmark = mark;
        VirtualService found = services.find(packet);
        return found == null ? "none" : found.id().toString();
    }
}
