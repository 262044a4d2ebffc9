package dev.tandem.director.conn;

import static dev.tandem.director.conn.ConnectionTable.NONE;
import static dev.tandem.director.conn.RecordSpec.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.Transport;
import dev.tandem.director.service.RealServer;
import dev.tandem.sync.SyncDecoder;
import dev.tandem.sync.wire.SyncState;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** To which server of this director a received record of each kind is bound. */
class SyncedBindingTest {
    private static final int TEMPLATE = 0x1000;
    private static final int DROUTE = 3;
    private static final int SCTP = 132;
    private static final int FWMARK = 9;
    private static final String REAL = "10.77.2.11";
    private static final String REAL6 = "fd02::11";

    /** A service, the port of the one of its servers that is meant, and a record. */
    record Binding(
            ServiceId id, int port, Forwarding forwarding, boolean template, RecordSpec record) {
        String server() {
            return id.isIpv6() ? REAL6 : REAL;
        }
    }

    static List<Binding> bindings() {
        ServiceId marked = new ServiceId.MarkService(FWMARK, false);
        ServiceId marked6 = new ServiceId.MarkService(FWMARK, true);
        return List.of(
                nat(
                        Lab.at(Transport.TCP, "fd01::100", 80),
                        8080,
                        record("[fd01::1]:1", "[fd01::100]:80", "[fd02::11]:8080")),
                direct(
                        Lab.at(Transport.TCP, "fd01::100", 0),
                        0,
                        record("[fd01::1]:1", "[fd01::100]:8443", "[fd02::11]:8443")),
                template(
                        Lab.at(Transport.TCP, "fd01::100", 443),
                        8443,
                        record("[fd01::1]:0", "[fd01::100]:443", "[fd02::11]:8443")),
                nat(
                        Lab.at(Transport.SCTP, "10.77.1.100", 90),
                        9090,
                        sctp(record("10.77.1.1:1", "10.77.1.100:90", "10.77.2.11:9090"))),
                direct(
                        Lab.at(Transport.SCTP, "fd01::100", 90),
                        90,
                        sctp(record("[fd01::1]:1", "[fd01::100]:90", "[fd02::11]:90"))),
                nat(
                        marked,
                        0,
                        record("10.77.1.1:1", "10.77.1.100:7000", "10.77.2.11:7000")
                                .fwmark(FWMARK)),
                nat(
                        marked,
                        8080,
                        record("10.77.1.1:1", "10.77.1.100:7000", "10.77.2.11:8080")
                                .fwmark(FWMARK)),
                direct(
                        marked,
                        0,
                        record("10.77.1.1:1", "10.77.1.100:7000", "10.77.2.11:7000")
                                .fwmark(FWMARK)),
                // a template under a mark has the mark for its virtual address
                template(
                        marked6,
                        0,
                        record("[fd01::1]:0", "[0:9::]:0", "[fd02::11]:0")
                                .protocol(0)
                                .fwmark(FWMARK)));
    }

    private static Binding nat(ServiceId id, int port, RecordSpec record) {
        return new Binding(id, port, Forwarding.NAT, false, record);
    }

    private static Binding direct(ServiceId id, int port, RecordSpec record) {
        return new Binding(id, port, Forwarding.DR, false, record.flags(DROUTE));
    }

    private static Binding template(ServiceId id, int port, RecordSpec record) {
        return new Binding(id, port, Forwarding.NAT, true, record.flags(TEMPLATE).state(0));
    }

    private static RecordSpec sctp(RecordSpec record) {
        return record.protocol(SCTP).state(SyncState.SCTP_ESTABLISHED);
    }

    @ParameterizedTest
    @MethodSource("bindings")
    void shouldBindToTheConfiguredServer(Binding binding) {
        try (Lab lab = new Lab(64)) {
            configure(lab, binding);

            long entry = receive(lab, binding);

            assertBound(lab, binding, entry);
        }
    }

    @ParameterizedTest
    @MethodSource("bindings")
    void shouldBindWithTheFirstRecordAfterTheServerIsThere(Binding binding) {
        try (Lab lab = new Lab(64)) {
            long unbound = receive(lab, binding);
            assertNull(lab.connections.server(unbound));
            configure(lab, binding);
            assertNull(lab.connections.server(unbound));

            long entry = receive(lab, binding);

            assertEquals(unbound, entry);
            assertBound(lab, binding, entry);
        }
    }

    private static void configure(Lab lab, Binding binding) {
        boolean ipv6 = binding.id.isIpv6();
        int seconds = binding.template || portless(binding) ? 300 : 0;
        var _ =
                lab.add(
                        binding.id,
                        Lab.options(seconds, ipv6 ? 128 : -1),
                        new RealServerConfig(
                                Lab.ip(ipv6 ? "fd02::12" : "10.77.2.12"),
                                binding.port,
                                binding.forwarding,
                                1),
                        new RealServerConfig(
                                Lab.ip(binding.server()), binding.port, binding.forwarding, 1));
    }

    private static boolean portless(Binding binding) {
        return binding.id instanceof ServiceId.AddressService(_, _, int port) && port == 0;
    }

    private static long receive(Lab lab, Binding binding) {
        SyncedConnections synced = new SyncedConnections(lab.connections);
        binding.record.deliver(
                new SyncDecoder("sip"), record -> synced.apply(record, 3, 1, Fixture.START));
        assertEquals(1, lab.table.size());
        for (int slot = 0; slot < lab.table.slotCount(); slot++) {
            if (lab.table.entryAt(slot) != NONE) {
                return lab.table.entryAt(slot);
            }
        }
        return NONE;
    }

    private static void assertBound(Lab lab, Binding binding, long entry) {
        assertNotEquals(NONE, entry);
        RealServer server = lab.server(binding.server());
        assertEquals(server.id(), ConnectionEntry.serverId(entry));
        assertEquals(binding.forwarding.code(), ConnectionEntry.forwardingCode(entry));
        boolean template = binding.template;
        lab.assertCounts(binding.server(), template ? 0 : 1, 0, template ? 1 : 0);
        assertEquals(0, server.traffic().connections(), "scheduled elsewhere");
    }
}
