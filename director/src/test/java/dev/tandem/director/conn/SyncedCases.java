package dev.tandem.director.conn;

import static dev.tandem.director.conn.Fixture.START;
import static dev.tandem.director.conn.RecordSpec.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tandem.director.service.Services;
import dev.tandem.sync.SyncDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which records make which entries: a row for each thing that a kernel's backup was seen to do, or
 * that its source says. Rows that begin with "better:" are where we differ on purpose.
 */
class SyncedCases {
    private static final String CLIENT = "10.77.1.1:40000";
    private static final String WEB = "10.77.1.100:80";
    private static final String REAL = "10.77.2.11:8080";
    private static final String OTHER = "10.77.2.12:8080";
    private static final int INACTIVE = 0x100;
    private static final int NO_CPORT = 0x800;
    private static final int TEMPLATE = 0x1000;

    /**
     * Columns of expected entries: protocol, state, client, virtual, real, timeout, flags, method,
     * + when bound, then mark, engine, sequence data when there are any.
     */
    static Stream<Arguments> rows() {
        return Stream.concat(connections(), Stream.concat(others(), options()));
    }

    private static Stream<Arguments> connections() {
        return Stream.of(
                row(
                        "a new connection, bound to its server",
                        List.of(web()),
                        "CREATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat+"),
                row(
                        "other state and timeout: state, timeout and activity replaced",
                        List.of(web(), web().state(4).timeout(120).flags(INACTIVE)),
                        "CREATED UPDATED",
                        "TCP FIN_WAIT 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 120 120 nat+"),
                row(
                        "active again",
                        List.of(web().flags(INACTIVE), web()),
                        "CREATED UPDATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat+"),
                row(
                        "other server, not inactive: the old entry goes, a new one comes",
                        List.of(web(), record(CLIENT, WEB, OTHER)),
                        "CREATED REPLACED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.12:8080 600 20 nat"),
                row(
                        "other server port counts as another server",
                        List.of(web(), record(CLIENT, WEB, "10.77.2.11:8081")),
                        "CREATED REPLACED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8081 600 20 nat"),
                row(
                        "other server, inactive: ignored, the old entry stays",
                        List.of(web(), record(CLIENT, WEB, OTHER).state(6).flags(INACTIVE)),
                        "CREATED LATE_CLOSE",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat+"),
                row(
                        "other forwarding bits: ignored, the server's own method wins",
                        List.of(web().flags(0x83), web().flags(2)),
                        "CREATED UPDATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat+"),
                row(
                        "an unbound entry keeps the message's method",
                        List.of(record(CLIENT, WEB, OTHER).flags(0x82)),
                        "CREATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.12:8080 600 a2"
                                + " tunnel"),
                row(
                        "other forwarding bits of an unbound entry: ignored",
                        List.of(
                                record(CLIENT, WEB, OTHER).flags(0x82),
                                record(CLIENT, WEB, OTHER).flags(3)),
                        "CREATED UPDATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.12:8080 600 a2"
                                + " tunnel"),
                row(
                        "unknown service: taken, not bound",
                        List.of(record(CLIENT, "10.99.0.1:81", OTHER)),
                        "CREATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.99.0.1:81 10.77.2.12:8080 600 20 nat"),
                row(
                        "flag bits that are not kept: 0x40, 8, 0x10, 0x10000",
                        List.of(web().flags(0x1_0058)),
                        "CREATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat+"),
                row(
                        "sequence flags without the option: taken, and follow every message",
                        List.of(web().flags(0x600), web().flags(0x200)),
                        "CREATED UPDATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 220"
                                + " nat+"),
                row(
                        "client port 0 with the flag, once more, and with its port: one entry",
                        List.of(
                                record("10.77.1.1:0", WEB, REAL).flags(NO_CPORT),
                                record("10.77.1.1:0", WEB, REAL).flags(NO_CPORT).timeout(300),
                                web().timeout(100)),
                        "CREATED UPDATED UPDATED",
                        "TCP ESTABLISHED 10.77.1.1:0 10.77.1.100:80 10.77.2.11:8080 100 820 nat+"),
                row(
                        "better: client port 0 without the flag is found again, not made twice",
                        List.of(
                                record("10.77.1.1:0", WEB, REAL),
                                record("10.77.1.1:0", WEB, REAL).state(4)),
                        "CREATED UPDATED",
                        "TCP FIN_WAIT 10.77.1.1:0 10.77.1.100:80 10.77.2.11:8080 600 20 nat+"),
                row(
                        "better: the flag is void beside a port",
                        List.of(web().flags(NO_CPORT), web()),
                        "CREATED UPDATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat+"));
    }

    private static Stream<Arguments> others() {
        return Stream.of(
                row(
                        "an IPv6 connection; another server; its late close",
                        List.of(
                                record("[fd01::1]:1", "[fd01::100]:80", "[fd02::11]:80"),
                                record("[fd01::1]:1", "[fd01::100]:80", "[fd02::12]:80"),
                                record("[fd01::1]:1", "[fd01::100]:80", "[fd02::11]:80")
                                        .flags(INACTIVE)),
                        "CREATED REPLACED LATE_CLOSE",
                        "TCP ESTABLISHED [fd01::1]:1 [fd01::100]:80 [fd02::12]:80 600 20 nat"),
                row(
                        "families do not meet",
                        List.of(
                                web(),
                                record("[::10.77.1.1]:40000", "[::10.77.1.100]:80", "[::1]:80")),
                        "CREATED CREATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat+",
                        "TCP ESTABLISHED [::10.77.1.1]:40000 [::10.77.1.100]:80 [::1]:80 600 20 nat"),
                row(
                        "a template and a connection with its key are two entries",
                        List.of(
                                record("10.77.1.1:0", WEB, REAL).flags(TEMPLATE).state(0),
                                record("10.77.1.1:0", WEB, REAL)),
                        "CREATED CREATED",
                        "TCP NONE 10.77.1.1:0 10.77.1.100:80 10.77.2.11:8080 600 1120 nat+",
                        "TCP ESTABLISHED 10.77.1.1:0 10.77.1.100:80 10.77.2.11:8080 600 20 nat+"),
                row(
                        "template with another server: server stays, timeout and state replaced",
                        List.of(
                                record("10.77.1.0:0", WEB, REAL).flags(TEMPLATE).state(0),
                                record("10.77.1.0:0", WEB, OTHER)
                                        .flags(TEMPLATE | INACTIVE)
                                        .timeout(50)),
                        "CREATED UPDATED",
                        "TCP ASSURED 10.77.1.0:0 10.77.1.100:80 10.77.2.11:8080 50 1120 nat+"),
                row(
                        "templates of protocol 0 and 200",
                        List.of(
                                record("10.77.1.1:0", "0.0.0.7:0", REAL)
                                        .protocol(0)
                                        .flags(TEMPLATE)
                                        .fwmark(7),
                                record("10.77.1.1:0", WEB, REAL).protocol(200).flags(TEMPLATE)),
                        "CREATED CREATED",
                        "IP ASSURED 10.77.1.1:0 0.0.0.7:0 10.77.2.11:8080 600 1020 nat mark=7",
                        "IP_200 ASSURED 10.77.1.1:0 10.77.1.100:80 10.77.2.11:8080 600 1020 nat"),
                row(
                        "IPv6 template of a mark: only the mark is compared",
                        List.of(
                                record("[fd01::]:0", "[0:7::]:0", "[fd02::11]:0")
                                        .protocol(0)
                                        .flags(TEMPLATE),
                                record("[fd01::]:0", "[0:7::1]:0", "[fd02::11]:0")
                                        .protocol(0)
                                        .flags(TEMPLATE)
                                        .timeout(9)),
                        "CREATED UPDATED",
                        "IP ASSURED [fd01::]:0 [0:7::]:0 [fd02::11]:0 9 1020 nat"),
                row(
                        "SCTP, ESP and AH",
                        List.of(
                                record(CLIENT, WEB, REAL).protocol(132).state(13),
                                record(CLIENT, WEB, REAL).protocol(50).state(0),
                                record(CLIENT, WEB, REAL).protocol(51).state(0)),
                        "CREATED CREATED CREATED",
                        "SCTP CLOSED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat",
                        "IP_50 ERR! 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat",
                        "IP_51 ERR! 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat"),
                row(
                        "a firewall mark is the first message's",
                        List.of(web().fwmark(0x8000_0000), web().fwmark(5)),
                        "CREATED UPDATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat+"
                                + " mark=2147483648"));
    }

    private static Stream<Arguments> options() {
        return Stream.of(
                row(
                        "templates match by engine data as well",
                        List.of(
                                sip("one"),
                                sip("two"),
                                sip("one").timeout(7),
                                record("10.77.1.1:0", "10.77.1.100:53", "10.77.2.11:5353")
                                        .protocol(17)
                                        .flags(TEMPLATE)),
                        "CREATED CREATED UPDATED CREATED",
                        "UDP ASSURED 10.77.1.1:0 10.77.1.100:53 10.77.2.11:5353 7 1120 nat+"
                                + " sip:one",
                        "UDP ASSURED 10.77.1.1:0 10.77.1.100:53 10.77.2.11:5353 600 1120 nat+"
                                + " sip:two",
                        "UDP ASSURED 10.77.1.1:0 10.77.1.100:53 10.77.2.11:5353 600 1120 nat+"),
                row(
                        "engine data of an entry that is no template are not kept",
                        List.of(web().engine("sip", "one"), web().engine("sip", "two")),
                        "CREATED UPDATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat+"),
                row(
                        "sequence data, with the flag bits and replaced",
                        List.of(
                                web().flags(0x600).sequence(1, 0, 0, 2, 6, -6),
                                web().flags(0x600).sequence(3, 12, 6, 4, 18, 12)),
                        "CREATED UPDATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 620"
                                + " nat+ seq=3/12/6/4/18/12"),
                row(
                        "sequence data without the flag bits: taken, and stay without the option",
                        List.of(web().sequence(-1, -5, 0, 2, 0, 0), web()),
                        "CREATED UPDATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat+"
                                + " seq=-1/-5/0/2/0/0"),
                row(
                        "better: sequence data that cannot be are not believed",
                        List.of(
                                web().sequence(1, 65, 0, 0, 0, 0),
                                web().sequence(1, 0, 0, 0, 0, -65),
                                web().sequence(0, 0, 0, 1, 0x100001, 0x100001),
                                web().sequence(0, Integer.MIN_VALUE, Integer.MIN_VALUE, 0, 0, 0),
                                web().sequence(0, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 0, 0)),
                        "CREATED UPDATED UPDATED UPDATED UPDATED",
                        "TCP ESTABLISHED 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20"
                                + " nat+"),
                row(
                        "better: nor those of what is no TCP connection",
                        List.of(
                                record(CLIENT, WEB, REAL)
                                        .protocol(17)
                                        .state(0)
                                        .sequence(1, 2, 1, 1, 1, 1)),
                        "CREATED",
                        "UDP UDP 10.77.1.1:40000 10.77.1.100:80 10.77.2.11:8080 600 20 nat"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void shouldHoldWhatTheRecordsSay(
            String name, List<RecordSpec> records, String outcomes, List<String> entries) {
        try (var table = new ConnectionTable(64)) {
            Services services = Fixture.services();
            var connections = new Connections(table, services, ReplicationHook.NONE);
            var synced = new SyncedConnections(connections);
            var decoder = new SyncDecoder("sip");
            List<String> got = new ArrayList<>();
            for (RecordSpec record : records) {
                record.deliver(decoder, r -> got.add(synced.apply(r, 3, 1, START).name()));
            }

            assertEquals(outcomes, String.join(" ", got), name);
            assertEquals(String.join("\n", entries), Listed.text(table));
            Listed.assertCounts(table, services);
        }
    }

    private static RecordSpec web() {
        return record(CLIENT, WEB, REAL);
    }

    private static RecordSpec sip(String callId) {
        return record("10.77.1.1:0", "10.77.1.100:53", "10.77.2.11:5353")
                .protocol(17)
                .flags(TEMPLATE | INACTIVE)
                .engine("sip", callId);
    }

    private static Arguments row(
            String name, List<RecordSpec> records, String outcomes, String... entries) {
        return arguments(name, records, outcomes, List.of(entries));
    }
}
