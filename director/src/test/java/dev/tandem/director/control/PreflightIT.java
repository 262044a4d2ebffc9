package dev.tandem.director.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.io.TestNamespaces;
import dev.tandem.director.route.HostNetwork;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("netns")
class PreflightIT {
    private final TestNamespaces namespaces = new TestNamespaces();
    private String name = "";

    @BeforeEach
    void build() {
        name = namespaces.add("p");
        namespaces.connect(name, "outside", name, "inside");
    }

    @AfterEach
    void remove() {
        namespaces.close();
    }

    private List<Preflight.Problem> check() throws Exception {
        DirectorConfig config =
                new DirectorConfig(
                        List.of("outside", "inside"),
                        AddressHolder.DIRECTOR,
                        List.of(
                                new VirtualAddress(
                                        InetAddress.getByName("10.77.1.100"), "outside")),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        1024,
                        0,
                        DirectorSettings.DEFAULT);
        return TestNamespaces.call(
                name,
                () -> {
                    try (HostNetwork network = HostNetwork.open()) {
                        return Preflight.check(config, network);
                    }
                });
    }

    @Test
    void shouldPassOnAHostThatIsReady() throws Exception {
        assertEquals(List.of(), check());
    }

    @Test
    void shouldFindWhatWasBrokenOnARealHost() throws Exception {
        TestNamespaces.in(name, "sysctl", "-qw", "net.ipv4.conf.inside.forwarding=1");
        TestNamespaces.in(name, "ip", "addr", "add", "10.77.1.100/32", "dev", "lo");
        TestNamespaces.in(name, "ip", "link", "set", "outside", "down");
        List<Preflight.Problem> problems = check();
        assertEquals(2, problems.size(), problems.toString()); // forwarding has its guard
        String all = problems.toString();
        assertTrue(all.contains("interface outside is down"), all);
        assertTrue(all.contains("10.77.1.100 is also on interface lo"), all);
    }
}
