package dev.tandem.tools.demo.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.failover.config.FailoverConfig;
import dev.tandem.tools.config.ConfigReader;
import dev.tandem.tools.config.NodeConfig;
import dev.tandem.tools.config.Role;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFileTest {
    private static final List<LabPlan.Service> SERVICES =
            List.of(
                    new LabPlan.Service(Transport.TCP, 80),
                    new LabPlan.Service(Transport.UDP, 53, 1));

    @TempDir private Path directory;

    @Test
    void shouldBeAValidConfigurationWhenForwardingIsNat() throws Exception {
        NodeConfig a = read(new LabPlan(Forwarding.NAT, true, true, SERVICES), 0);

        assertEquals("a", a.node());
        assertEquals(List.of("outside", "inside"), a.clusters().getFirst().director().interfaces());
        assertEquals(
                List.of("10.77.1.100", "10.77.2.100"),
                a.clusters().getFirst().director().addresses().stream()
                        .map(address -> address.address().getHostAddress())
                        .toList());
        VirtualServiceConfig tcp = a.clusters().getFirst().director().services().getFirst();
        assertEquals(
                new ServiceId.AddressService(
                        Transport.TCP, InetAddress.ofLiteral("10.77.1.100"), 80),
                tcp.id());
        assertEquals(
                List.of("10.77.2.11", "10.77.2.12", "10.77.2.13"),
                tcp.servers().stream().map(server -> server.address().getHostAddress()).toList());
        assertEquals(1, a.clusters().getFirst().director().services().getLast().servers().size());
        assertEquals(
                "link",
                a.clusters().getFirst().director().sync().orElseThrow().link().interfaceName());
    }

    @Test
    void shouldHaveOneArmWhenForwardingIsDr() throws Exception {
        NodeConfig a = read(new LabPlan(Forwarding.DR, true, true, SERVICES), 0);

        assertEquals(List.of("outside"), a.clusters().getFirst().director().interfaces());
        assertEquals(1, a.clusters().getFirst().director().addresses().size());
        assertEquals(
                "10.77.1.13",
                a.clusters()
                        .getFirst()
                        .director()
                        .services()
                        .getFirst()
                        .servers()
                        .getLast()
                        .address()
                        .getHostAddress());
    }

    @Test
    void shouldLeaveReplicationOutWhenThereIsNone() throws Exception {
        assertTrue(
                read(new LabPlan(Forwarding.NAT, true, false, SERVICES), 0)
                        .clusters()
                        .getFirst()
                        .director()
                        .sync()
                        .isEmpty());
    }

    @Test
    void shouldPreferAToBAndNameEachOther() throws Exception {
        var plan = new LabPlan(Forwarding.NAT, true, true, SERVICES);
        NodeConfig a = read(plan, 0);
        NodeConfig b = read(plan, 1);

        assertTrue(failover(a).priority() > failover(b).priority());
        assertEquals(failover(b).bind(), failover(a).peers().getFirst().address());
        assertEquals(failover(a).bind(), failover(b).peers().getFirst().address());
        assertEquals("a", failover(b).peers().getFirst().node());
    }

    private NodeConfig read(LabPlan plan, int index) throws Exception {
        Path file = directory.resolve("node.yaml");
        Files.writeString(file, NodeFile.text(plan, index, directory));
        return ConfigReader.read(file);
    }

    private static FailoverConfig failover(NodeConfig node) {
        return assertInstanceOf(Role.Pair.class, node.clusters().getFirst().role()).failover();
    }
}
