package dev.tandem.director.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.GuardMode;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.VirtualAddress;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.director.control.Director;
import dev.tandem.director.io.TestNamespaces;
import dev.tandem.director.testing.Await;
import dev.tandem.director.testing.Lan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A director on a host that is the router between three networks and the servers' gateway.
 *
 * <pre>
 *   client 10.9.1.2 -- d0 10.9.1.1 | host | d1 10.9.2.1 -- 10.9.2.2 server
 *                                    d2 10.9.3.1 -- 10.9.3.2 elsewhere
 * </pre>
 */
@Tag("netns")
@Timeout(120)
class HostGuardIT extends GatewayHost {
    private static final int SERVICE = 80;
    private static final int SERVER_PORT = 8080;
    private static final int HOST_PORT = 2222;
    private static final int ELSEWHERE_PORT = 9000;
    private String elsewhere = "";

    @BeforeEach
    void listen() throws Exception {
        elsewhere = namespaces.add("e");
        network(elsewhere, "e0", "d2", 3);
        answer(server, "10.9.2.2", SERVER_PORT, "server");
        answer(elsewhere, "10.9.3.2", ELSEWHERE_PORT, "elsewhere");
    }

    /** Says a word to everybody who calls. */
    private void answer(String name, String address, int port, String word) throws Exception {
        ServerSocket listener =
                TestNamespaces.call(
                        name,
                        () -> {
                            ServerSocket socket = new ServerSocket();
                            socket.bind(new InetSocketAddress(Lan.inet(address), port));
                            return socket;
                        });
        open.add(listener);
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    while (!listener.isClosed()) {
                        try (Socket socket = listener.accept()) {
                            socket.getOutputStream()
                                    .write((word + "\n").getBytes(StandardCharsets.UTF_8));
                        } catch (IOException _) {
                            // the caller went away, or the test is over
                        }
                    }
                });
    }

    /** The word that is said there to a caller from a namespace; empty when nobody answers. */
    private static String call(String name, String address, int port) throws Exception {
        return TestNamespaces.call(
                name,
                () -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(new InetSocketAddress(Lan.inet(address), port), 3000);
                        socket.setSoTimeout(3000);
                        String word =
                                new BufferedReader(
                                                new InputStreamReader(
                                                        socket.getInputStream(),
                                                        StandardCharsets.UTF_8))
                                        .readLine();
                        return word == null ? "" : word;
                    } catch (IOException _) {
                        return "";
                    }
                });
    }

    private Director director(AddressHolder holder) throws Exception {
        DirectorConfig config =
                new DirectorConfig(
                        List.of("d0", "d1"),
                        holder,
                        holder == AddressHolder.HOST
                                ? List.of()
                                : List.of(new VirtualAddress(Lan.inet(VIP), "d0")),
                        List.of(
                                new VirtualServiceConfig(
                                        Transport.TCP,
                                        Lan.inet(VIP),
                                        SERVICE,
                                        "rr",
                                        List.of(
                                                new RealServerConfig(
                                                        Lan.inet("10.9.2.2"),
                                                        SERVER_PORT,
                                                        Forwarding.NAT,
                                                        1)))),
                        List.of(),
                        Optional.empty(),
                        1024,
                        0,
                        DirectorSettings.DEFAULT);
        Director director = TestNamespaces.call(host, () -> Director.open(config));
        open.add(director);
        director.start();
        director.leaseUntil(System.nanoTime() + LEASE_NS);
        var _ = Await.value(director.takeAddresses());
        Await.until("hidden", () -> rules().contains("chain replies"));
        return director;
    }

    @Test
    void shouldServeBesideTheHostThatHoldsTheAddressAndRoutesForTheServers() throws Exception {
        TestNamespaces.in(host, "ip", "addr", "add", VIP + "/32", "dev", "d0");
        answer(host, VIP, HOST_PORT, "host");
        director(AddressHolder.HOST);
        for (int i = 0; i < 20; i++) {
            assertEquals("server", call(client, VIP, SERVICE));
        }
        assertEverythingElseWorks();
        assertEquals("host", call(client, VIP, HOST_PORT));
        assertEquals("0", resets());
    }

    @Test
    void shouldServeWhenTheDirectorHoldsTheAddressAndTheHostForwards() throws Exception {
        Director director = director(AddressHolder.DIRECTOR);
        for (int i = 0; i < 20; i++) {
            assertEquals("server", call(client, VIP, SERVICE));
        }
        assertEverythingElseWorks();
        assertEquals("0", resets());
        var _ = Await.value(director.releaseAddresses(0));
        Await.until("no longer hidden", () -> !rules().contains("elements"));
    }

    /** Routed traffic of the servers and to them, and the host's own. */
    private void assertEverythingElseWorks() throws Exception {
        assertEquals("elsewhere", call(server, "10.9.3.2", ELSEWHERE_PORT));
        assertEquals("server", call(client, "10.9.2.2", SERVER_PORT));
        assertEquals("server", call(host, "10.9.2.2", SERVER_PORT));
    }

    /** Resets that the host's stack has sent. */
    private String resets() {
        String counters = TestNamespaces.in(host, "cat", "/proc/net/snmp");
        String[] tcp =
                counters.lines().filter(line -> line.startsWith("Tcp:")).toArray(String[]::new);
        int column = List.of(tcp[0].split(" ", -1)).indexOf("OutRsts");
        return tcp[1].split(" ", -1)[column];
    }

    private String rules() {
        return TestNamespaces.in(host, "nft", "list", "ruleset");
    }

    @Test
    void shouldLeaveNothingBehindAndBeLeftAloneByOthers() throws Exception {
        Director director = director(AddressHolder.DIRECTOR);
        TestNamespaces.in(host, "nft", "flush", "ruleset"); // as a firewall does that reloads
        assertTrue(rules().contains("10.9.2.2 . tcp . 8080"), rules());
        director.close();
        assertEquals("", rules());
    }

    @Test
    void shouldStartOnlyOnceTheHostForwards() throws Exception {
        TestNamespaces.in(host, "sysctl", "-qw", "net.ipv4.ip_forward=0");
        takeWith(GuardMode.AUTO);
        assertEquals("", rules());
        TestNamespaces.in(host, "sysctl", "-qw", "net.ipv4.ip_forward=1");
        Await.until("hidden", () -> rules().contains(VIP));
    }

    @Test
    void shouldLeaveTheFirewallAloneWhenItIsOff() throws Exception {
        takeWith(GuardMode.OFF);
        assertEquals("", rules());
    }

    private void takeWith(GuardMode mode) throws Exception {
        DirectorConfig config =
                new DirectorConfig(
                        List.of("d0"),
                        AddressHolder.DIRECTOR,
                        List.of(new VirtualAddress(Lan.inet(VIP), "d0")),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        1024,
                        0,
                        DirectorSettings.DEFAULT,
                        List.of(),
                        mode,
                        Optional.empty());
        Director director = TestNamespaces.call(host, () -> Director.open(config));
        open.add(director);
        director.start();
        director.leaseUntil(System.nanoTime() + LEASE_NS);
        var _ = Await.value(director.takeAddresses());
    }

    @Test
    void shouldVanishWhenItsProcessIsKilled() throws Exception {
        Process process =
                new ProcessBuilder(
                                "ip",
                                "netns",
                                "exec",
                                host,
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                GuardProcess.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        open.add(process::destroyForcibly);
        String said =
                new BufferedReader(
                                new InputStreamReader(
                                        process.getInputStream(), StandardCharsets.UTF_8))
                        .readLine();
        assertTrue(said.startsWith("on"), said);
        assertFalse(rules().isEmpty());
        process.destroyForcibly(); // ip has become the process itself
        Await.until("gone", () -> rules().isEmpty());
    }
}
