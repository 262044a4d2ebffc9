package dev.tandem.director.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.route.Link;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PreflightTest {
    private static final long BOTH = (1 << 12) | (1 << 13);
    private static final Link OUTSIDE = new Link(2, "outside", true, true, true, 1500, 1500, 1);
    private static final Link INSIDE = new Link(3, "inside.5", true, true, true, 1500, 1500, 2);
    private static final Map<String, Link> LINKS = Map.of("outside", OUTSIDE, "inside.5", INSIDE);

    private static DirectorConfig config() throws Exception {
        return new DirectorConfig(
                List.of("outside", "inside.5"),
                AddressHolder.DIRECTOR,
                List.of(
                        new VirtualAddress(InetAddress.getByName("10.77.1.100"), "outside"),
                        new VirtualAddress(InetAddress.getByName("10.77.2.100"), "inside.5")),
                List.of(),
                List.of(),
                Optional.empty(),
                1024,
                0,
                DirectorSettings.DEFAULT);
    }

    private static HostFacts good() throws Exception {
        return new HostFacts(
                BOTH,
                "",
                "",
                "",
                Set.of(),
                LINKS,
                Map.of(InetAddress.getByName("10.77.1.1"), "outside"));
    }

    /** Asserts that there is one problem, that it names all words, and that there is a cure. */
    private static void assertOneProblem(HostFacts facts, String... words) throws Exception {
        List<Preflight.Problem> problems = Preflight.judge(config(), facts);
        assertEquals(1, problems.size(), problems.toString());
        for (String word : words) {
            assertTrue(problems.getFirst().toString().contains(word), problems.toString());
        }
        assertTrue(problems.getFirst().cure().length() > 10, problems.toString());
    }

    @Test
    void shouldFindNothingWhenAllIsWell() throws Exception {
        assertEquals(List.of(), Preflight.judge(config(), good()));
    }

    @Test
    void shouldRefuseWhenKernelForwardsAndNothingCanBeHiddenFromIt() throws Exception {
        Set<String> forwarding = Set.of("inside.5", "elsewhere");
        assertEquals(
                List.of(),
                Preflight.judge(
                        config(),
                        new HostFacts(BOTH, "", "", "", forwarding, LINKS, good().addresses())));
        assertOneProblem(
                new HostFacts(BOTH, "", "no nft here", "", forwarding, LINKS, good().addresses()),
                "interface inside.5 itself",
                "no nft here",
                "install nftables",
                "net.ipv4.ip_forward=0",
                "host-guard: off");
    }

    @Test
    void shouldRefuseWhenVirtualAddressIsOnAnInterface() throws Exception {
        HostFacts facts =
                new HostFacts(
                        BOTH,
                        "",
                        "",
                        "",
                        Set.of(),
                        LINKS,
                        Map.of(InetAddress.getByName("10.77.1.100"), "lo"));
        assertOneProblem(facts, "10.77.1.100", "lo", "ip address del 10.77.1.100 dev lo");
    }

    @Test
    void shouldRefuseWhenCapabilityIsMissing() throws Exception {
        HostFacts raw = new HostFacts(1 << 12, "EPERM", "", "", Set.of(), LINKS, Map.of());
        assertOneProblem(raw, "CAP_NET_RAW");
        HostFacts admin = new HostFacts(1 << 13, "", "", "", Set.of(), LINKS, Map.of());
        assertOneProblem(admin, "CAP_NET_ADMIN");
    }

    @Test
    void shouldRefuseWhenTheGatewayIsNoNeighbour() throws Exception {
        HostFacts facts =
                new HostFacts(BOTH, "", "", "gateway 10.0.0.1 is far", Set.of(), LINKS, Map.of());
        assertOneProblem(facts, "gateway 10.0.0.1 is far", "name a neighbour");
    }

    @Test
    void shouldRefuseWhenPacketSocketsLackSomething() throws Exception {
        HostFacts facts =
                new HostFacts(BOTH, "setsockopt: ENOPROTOOPT", "", "", Set.of(), LINKS, Map.of());
        assertOneProblem(facts, "ENOPROTOOPT", "4.20");
    }

    @Test
    void shouldRefuseWhenInterfaceIsMissingDownOrNotEthernet() throws Exception {
        assertOneProblem(with(Map.of("outside", OUTSIDE)), "no interface inside.5", "outside");
        Link down = new Link(3, "inside.5", false, false, true, 1500, 1500, 2);
        assertOneProblem(
                with(Map.of("outside", OUTSIDE, "inside.5", down)), "ip link set inside.5 up");
        Link tunnel = new Link(3, "inside.5", true, true, false, 1500, 1500, 0);
        assertOneProblem(with(Map.of("outside", OUTSIDE, "inside.5", tunnel)), "not an Ethernet");
    }

    @Test
    void shouldStartWithoutCarrier() throws Exception {
        Link pulled = new Link(3, "inside.5", true, false, true, 1500, 1500, 2);
        assertEquals(
                List.of(),
                Preflight.judge(config(), with(Map.of("outside", OUTSIDE, "inside.5", pulled))));
    }

    @Test
    void shouldTellEverythingAtOnce() throws Exception {
        HostFacts facts =
                new HostFacts(
                        0,
                        "EPERM",
                        "no nft here",
                        "",
                        Set.of("outside"),
                        Map.of("outside", OUTSIDE),
                        Map.of(InetAddress.getByName("10.77.2.100"), "outside"));
        assertEquals(
                5,
                Preflight.judge(config(), facts).stream()
                        .map(Preflight.Problem::reason)
                        .collect(Collectors.toSet())
                        .size());
    }

    private static HostFacts with(Map<String, Link> links) {
        return new HostFacts(BOTH, "", "", "", Set.of(), links, Map.of());
    }
}
