package dev.tandem.director.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.testing.Lan;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GuardTableTest {
    private static final GuardTable TABLE = new GuardTable("t", List.of("eth0", "eth1"));
    private static final VirtualServiceConfig WEB =
            service("10.0.0.1", 80, server("10.1.0.2", 8080, Forwarding.NAT));
    private static final VirtualServiceConfig EVERYTHING =
            service("2001:db8::1", 0, server("2001:db8:1::2", 0, Forwarding.NAT));
    private static final VirtualServiceConfig DIRECT =
            service("10.0.0.1", 81, server("10.1.0.3", 81, Forwarding.DR));

    private static RealServerConfig server(String address, int port, Forwarding forwarding) {
        return new RealServerConfig(Lan.inet(address), port, forwarding, 1);
    }

    private static VirtualServiceConfig service(String address, int port, RealServerConfig server) {
        return new VirtualServiceConfig(
                Transport.TCP, Lan.inet(address), port, "rr", List.of(server));
    }

    private static HiddenPackets hidden(AddressHolder holder, VirtualServiceConfig... services) {
        DirectorConfig config =
                new DirectorConfig(
                        List.of("eth0", "eth1"),
                        holder,
                        List.of(new VirtualAddress(Lan.inet("10.0.0.1"), "eth0")),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        1024,
                        0,
                        DirectorSettings.DEFAULT);
        return HiddenPackets.of(config, Arrays.asList(services));
    }

    @Test
    void shouldHideEndpointsAndWhatServersBehindNatSend() {
        assertEquals(
                "{SERVICES4=[10.0.0.1 . 6 . 80, 10.0.0.1 . 6 . 81],"
                        + " WHOLE_SERVICES6=[2001:db8:0:0:0:0:0:1 . 6],"
                        + " SERVERS4=[10.1.0.2 . 6 . 8080],"
                        + " WHOLE_SERVERS6=[2001:db8:1:0:0:0:0:2 . 6]}",
                new TreeMap<>(hidden(AddressHolder.HOST, WEB, EVERYTHING, DIRECT).elements())
                        .toString());
    }

    @Test
    void shouldHideWholeAddressWhenTheDirectorHoldsIt() {
        assertEquals(
                "{ADDRESSES4=[10.0.0.1], SERVICES4=[10.0.0.1 . 6 . 81]}",
                new TreeMap<>(hidden(AddressHolder.DIRECTOR, DIRECT).elements()).toString());
    }

    @Test
    void shouldHideTheDataConnectionsOfFtp() {
        VirtualServiceConfig ftp =
                service("10.0.0.1", 21, server("10.1.0.2", 2121, Forwarding.NAT));
        HiddenPackets hidden = hidden(AddressHolder.HOST, ftp);
        assertEquals(
                "{SERVICES4=[10.0.0.1 . 6 . 21],"
                        + " SERVERS4=[10.1.0.2 . 6 . 20, 10.1.0.2 . 6 . 2121],"
                        + " DATA_SERVERS4=[10.1.0.2], DATA_ADDRESSES4=[10.0.0.1]}",
                new TreeMap<>(hidden.elements()).toString());
        String answers = TABLE.change(HiddenPackets.NONE, hidden).getLast();
        assertTrue(
                answers.contains(
                        "oifname { \"eth0\", \"eth1\" } ip saddr @data_addresses4 tcp sport >= 1024"
                                + " tcp flags & rst == rst ct status & assured == 0 counter drop"),
                answers);
        assertTrue(
                TABLE.change(hidden, HiddenPackets.NONE)
                        .contains("flush chain inet t answers; delete chain inet t answers"));
        assertFalse(hidden(AddressHolder.DIRECTOR, ftp).hasData(), "the address is hidden whole");
    }

    @Test
    void shouldChangeOnlyWhatDiffers() {
        HiddenPackets direct = hidden(AddressHolder.HOST, DIRECT);
        HiddenPackets both = hidden(AddressHolder.HOST, DIRECT, WEB);
        assertEquals(List.of(), TABLE.change(both, both));
        List<String> more = TABLE.change(direct, both);
        assertEquals(3, more.size());
        assertEquals("add element inet t services4 { 10.0.0.1 . 6 . 80 }", more.get(0));
        assertEquals("add element inet t servers4 { 10.1.0.2 . 6 . 8080 }", more.get(1));
        assertEquals(
                "add chain inet t replies { type filter hook prerouting priority -150;"
                        + " policy accept; }",
                more.get(2).substring(0, more.get(2).indexOf("; add rule")));
        assertEquals(
                List.of(
                        "flush chain inet t replies; delete chain inet t replies",
                        "delete element inet t services4 { 10.0.0.1 . 6 . 80 }",
                        "delete element inet t servers4 { 10.1.0.2 . 6 . 8080 }"),
                TABLE.change(both, direct));
    }
}
