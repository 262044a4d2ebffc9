package dev.tandem.tools.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemarksTest {
    private static final String HEAD =
            """
            node: a
            cluster: web
            role: manual
            director: {interfaces: [eth0]}
            addresses: [{address: 10.0.0.100, interface: eth0}]
            """;

    @Test
    void shouldRemarkOnWhatIsHardlyMeant() throws ConfigException {
        assertEquals(
                List.of(
                        "services[0].scheduler: nq sees no load of UDP, whose connections never"
                                + " count as active",
                        "services[1].one-packet: has no effect but on UDP",
                        "services[1].netmask: its ones are not all in front",
                        "services[2].port: a service of port 0 schedules nothing unless it has"
                                + " persistence",
                        "services[3].fwmark: no rule of marks gives this mark",
                        "services[4].netmask: all clients are one, and stay with one server",
                        "marks[0].mark: there is no service with fwmark 4294967295"),
                remarks(
                        """
                        services:
                          - {protocol: udp, address: 10.0.0.100, port: 53, scheduler: nq, servers: []}
                          - {protocol: tcp, address: 10.0.0.100, port: 80, one-packet: true, netmask: 0.0.0.24, servers: []}
                          - {protocol: tcp, address: 10.0.0.100, port: 0, servers: []}
                          - {fwmark: 7, servers: []}
                          - {protocol: tcp, address: 10.0.0.100, port: 81, persistence: 60, netmask: 0.0.0.0, servers: []}
                        marks:
                          - {mark: 4294967295, destination: 10.0.0.100}
                        """));
    }

    @Test
    void shouldHaveNothingToSayOfTheExample() throws Exception {
        assertEquals(
                List.of(),
                Remarks.of(
                        ConfigReader.readWithoutKeys(Path.of("examples/services.yaml"))
                                .clusters()
                                .getFirst()
                                .director()));
    }

    private static List<String> remarks(String text) throws ConfigException {
        return Remarks.of(
                ConfigReader.parse("a.yaml", HEAD + text).clusters().getFirst().director());
    }
}
