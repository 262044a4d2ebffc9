package dev.tandem.tools.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Forwarding;
import dev.tandem.director.config.RealServerConfig;
import dev.tandem.director.config.ServiceId;
import dev.tandem.director.config.ServiceOptions;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.Transport;
import dev.tandem.director.config.Tunnel;
import dev.tandem.director.service.Services;
import dev.tandem.director.service.VirtualService;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.IpvsAnswer;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.config.AddressSyntax;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Some nodes with real services, and a group whose messages come when the test says so. */
class ReplicatedServicesTest {
    private static final ServiceId WEB = service(80);

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Queue<Runnable> underWay = new ArrayDeque<>();
    private final Node a = new Node("a");
    private final Node b = new Node("b");

    @Test
    void shouldKeepTheFilesServicesWhenNothingWasPublished() throws ApiException {
        b.services.add(service(443), options());
        a.isMaster(1);
        meet(a, b);

        assertEquals(1, b.services.list().size());
        assertEquals("0.0 ", version(b));
        Status.PeerServices peer = a.status().peers().getFirst();
        assertTrue(peer.origin().isEmpty() && !peer.same(), peer::toString);
    }

    @Test
    void shouldMakeEveryChangeOnAllNodes() throws ApiException {
        meet(a, b);
        a.isMaster(5);

        a.change(services -> {
            services.add(WEB, new ServiceOptions("sh", 0x18, 300, -256, "", false));
            services.add(WEB, server("10.0.0.1", 3));
            services.add(
                    WEB,
                    new RealServerConfig(
                            ip("10.0.0.2"),
                            80,
                            Forwarding.TUNNEL,
                            1,
                            10,
                            5,
                            new Tunnel(Tunnel.Type.GUE, 6080, Tunnel.Checksum.CSUM)));
            services.add(new ServiceId.MarkService(-7, true), ServiceOptions.of("none", true));
        });
        a.change(services -> services.edit(WEB, server("10.0.0.1", 0)));
        a.change(_ -> a.settings = a.settings.with(Setting.DROP_ENTRY, 1));
        deliver();

        assertEquals("5.3 a", version(a));
        assertEquals("5.3 a", version(b));
        assertEquals(1, b.settings.get(Setting.DROP_ENTRY));
        assertEquals(a.now(), b.now());
        assertEquals(List.of(true), a.status().peers().stream().map(p -> p.same()).toList());
        assertEquals(List.of(true), b.status().peers().stream().map(p -> p.same()).toList());
    }

    @Test
    void shouldKeepWhatHasNotChangedAliveOnTheOtherNode() throws ApiException {
        a.services.add(WEB, options());
        a.services.add(WEB, server("10.0.0.1", 1));
        b.services.add(WEB, options());
        b.services.add(WEB, server("10.0.0.1", 1));
        VirtualService before = b.services.list().getFirst();
        before.servers().getFirst().bind(false);
        meet(a, b);
        a.isMaster(1);

        a.change(services -> services.add(WEB, server("10.0.0.2", 1)));
        deliver();

        assertSame(before, b.services.list().getFirst());
        assertEquals(2, before.servers().size());
        assertEquals(1, before.servers().getLast().activeConnections());
    }

    @Test
    void shouldPublishNothingWhenNothingHasChanged() throws ApiException {
        meet(a, b);
        a.isMaster(1);
        a.services.add(WEB, options());
        a.change(services -> services.edit(WEB, options()));
        assertEquals("0.0 ", version(a));
        assertTrue(underWay.isEmpty());
    }

    @Test
    void shouldRefuseChangesWhereThisIsNotTheMaster() {
        a.standing = new ReplicatedServices.Standing(false, 4, "b", "BACKUP");
        assertEquals(
                "services and settings of cluster web are replicated and change on the master only: b"
                        + " is master, and a is BACKUP",
                refused(a, services -> services.add(WEB, options())));
        a.standing = new ReplicatedServices.Standing(false, 4, "", "INIT");
        assertEquals(
                "services and settings of cluster web are replicated and change on the master only:"
                        + " there is no master at present, a is INIT",
                refused(a, services -> services.add(WEB, options())));
        a.standing = new ReplicatedServices.Standing(false, 4, "a", "HANDOVER");
        assertTrue(refused(a, _ -> {}).endsWith("there is no master at present, a is HANDOVER"));
        assertTrue(a.services.list().isEmpty());
    }

    @Test
    void shouldChangeNothingWhenItWouldBeTooLong() throws ApiException {
        meet(a, b);
        a.isMaster(1);
        a.change(services -> services.add(WEB, options()));
        deliver();
        a.limitBytes = 1000;

        String refusal =
                refused(
                        a,
                        services -> {
                            for (int i = 1; i < 10; i++) {
                                services.add(WEB, server("10.0.0." + i, 1));
                            }
                        });

        assertTrue(refusal.matches("nothing was changed: .*take \\d{4} bytes.*the most is 1000"));
        assertTrue(a.services.list().getFirst().servers().isEmpty());
        assertEquals("1.1 a", version(a));
        assertTrue(underWay.isEmpty());
    }

    @Test
    void shouldPublishWhatWasMadeBeforeTheDirectorFailed() {
        meet(a, b);
        a.isMaster(1);
        assertThrows(
                ApiException.class,
                () ->
                        a.replicated.change(() -> {
                            a.services.add(WEB, options());
                            throw new ApiException(503, "no answer");
                        }));
        deliver();
        assertEquals(1, b.services.list().size());
    }

    @Test
    void shouldTellANodeThatComesBackWhatRuns() throws ApiException {
        a.isMaster(3);
        a.change(services -> services.add(WEB, options()));
        b.services.add(service(443), options());

        meet(a, b);

        assertEquals("3.1 a", version(b));
        assertEquals(a.now(), b.now());
    }

    @Test
    void shouldCountOnWhenTheMasterChanges() throws ApiException {
        meet(a, b);
        a.isMaster(1);
        a.change(services -> services.add(WEB, options()));
        deliver();
        a.isBackup("b", 2);
        b.isMaster(2);

        b.change(services -> services.add(WEB, server("10.0.0.1", 1)));
        deliver();

        assertEquals("2.2 b", version(a));
        assertEquals(a.now(), b.now());
    }

    @Test
    void shouldTakeOverWhatTheLastMasterSaidBeforeThisOneWas() throws ApiException {
        meet(a, b);
        a.isMaster(1);
        a.change(services -> services.add(WEB, options()));
        a.isBackup("b", 2);
        b.isMaster(2); // and the message is still under way
        deliver();
        assertEquals("1.1 a", version(b));
    }

    @Test
    void shouldIgnoreWhatIsOlder() throws ApiException {
        meet(a, b);
        a.isMaster(1);
        a.change(services -> services.add(WEB, options()));
        Runnable late = Objects.requireNonNull(underWay.poll());
        a.change(services -> services.add(WEB, server("10.0.0.1", 1)));
        deliver();
        late.run();
        deliver();
        assertEquals("1.2 a", version(b));
        assertEquals(a.now(), b.now());
    }

    @Test
    void shouldKeepTheHigherEpochWhenTwoMastersMeet() throws ApiException {
        a.isMaster(1);
        a.change(services -> services.add(WEB, options()));
        a.change(services -> services.add(WEB, server("10.0.0.1", 1)));
        b.isMaster(2);
        b.change(services -> services.add(service(443), options()));
        a.isBackup("b", 2);

        meet(a, b);

        assertEquals("2.1 b", version(a));
        assertEquals("443", ports(a));
    }

    @Test
    void shouldKeepTheMastersWhenTwoWereMasterInOneEpoch() throws ApiException {
        a.isMaster(1);
        a.change(services -> services.add(WEB, options()));
        b.isMaster(1);
        b.change(services -> services.add(service(443), options()));
        b.change(services -> services.add(service(53), options()));
        b.isBackup("a", 1);

        meet(a, b);

        assertEquals("1.3 a", version(b));
        assertEquals("80", ports(b));
        assertEquals(a.now(), b.now());
    }

    @Test
    void shouldSayWhyItCannotHaveWhatWasPublishedAndNotAskForever() throws ApiException {
        meet(a, b);
        a.isMaster(1);
        b.services.add(service(443), options());
        b.refusal = "there is no scheduler own";

        a.change(services -> services.add(WEB, options()));
        int messages = deliver();

        assertTrue(messages < 10, () -> messages + " messages");
        assertEquals("443", ports(b));
        String why = "cannot have version 1.1 from a: there is no scheduler own";
        assertEquals(why, b.status().refused());
        assertEquals(why, a.status().peers().getFirst().refused());

        b.refusal = "";
        a.change(services -> services.add(WEB, server("10.0.0.1", 1)));
        deliver();

        assertEquals("", a.status().peers().getFirst().refused());
        assertEquals(a.now(), b.now());
    }

    @Test
    void shouldRefuseServicesThatAreNone() {
        String version = "{\"format\":1,\"version\":{\"epoch\":1,\"counter\":1,\"origin\":\"b\"}";
        String content = version + ",\"digest\":\"\",\"content\":";
        for (String bad :
                List.of(
                        "{\"services\":[null],\"settings\":{}}}",
                        "{\"services\":[],\"settings\":null}}",
                        "{\"services\":[],\"settings\":{\"timeout_udp\":null}}}",
                        "{\"services\":[],\"settings\":{\"timeout_udp\":-1}}}",
                        "{\"services\":[],\"settings\":{\"timeout_news\":1}}}",
                        "{\"services\":[{\"id\":{\"protocol\":\"XCP\",\"address\":\"1.2.3.4\"},"
                                + "\"settings\":{},\"servers\":[]}],\"settings\":{}}}")) {
            a.replicated.received("b", content + bad);
            assertTrue(a.status().refused().startsWith("cannot have version 1.1 from b: "), bad);
            assertEquals(0, a.status().malformed());
        }
    }

    @Test
    void shouldCountWhatIsNoMessage() {
        List<String> bad =
                List.of(
                        "",
                        "null",
                        "[]",
                        "{}",
                        "{\"format\":2}",
                        "{\"format\":1,\"version\":null,\"digest\":\"\"}",
                        "{\"format\":1,\"version\":{\"epoch\":-1,\"counter\":0,\"origin\":\"b\"},"
                                + "\"digest\":\"\"}",
                        "{\"format\":1,\"version\":{\"epoch\":1,\"counter\":1},\"digest\":\"\"}",
                        "{\"format\":1,\"news\":0}",
                        "{\"format\":1,\"version\":{\"epoch\":1,\"counter\":1,\"origin\":\"b\"},"
                                + "\"digest\":\"\",\"refused\":{}}");
        bad.forEach(text -> a.replicated.received("b", text));
        assertEquals(bad.size(), a.status().malformed());
        assertEquals("0.0 ", version(a));
    }

    private void meet(Node one, Node other) {
        one.present.add(other.name);
        other.present.add(one.name);
        one.replicated.joined(other.name);
        other.replicated.joined(one.name);
        deliver();
    }

    private int deliver() {
        int messages = 0;
        for (Runnable each = underWay.poll(); each != null; each = underWay.poll()) {
            each.run();
            if (++messages > 100) {
                throw new AssertionError("they do not stop talking");
            }
        }
        return messages;
    }

    private static String refused(Node node, Consumer<Services> change) {
        ApiException thrown = assertThrows(ApiException.class, () -> node.change(change));
        assertEquals(409, thrown.status());
        return String.valueOf(thrown.getMessage());
    }

    private static String version(Node node) {
        Status.SharedServices has = node.status();
        return has.epoch() + "." + has.counter() + " " + has.origin();
    }

    private static String ports(Node node) {
        return String.join(
                " ", node.services.list().stream().map(each -> "" + each.port()).toList());
    }

    private static ServiceId service(int port) {
        return new ServiceId.AddressService(Transport.TCP, ip("192.0.2.1"), port);
    }

    private static ServiceOptions options() {
        return ServiceOptions.of("wlc", false);
    }

    private static RealServerConfig server(String address, int weight) {
        return new RealServerConfig(ip(address), 80, Forwarding.NAT, weight);
    }

    private static InetAddress ip(String text) {
        return AddressSyntax.either(text).orElseThrow();
    }

    private final class Node implements ReplicatedServices.Live, ReplicatedServices.Peers {
        final String name;
        final Services services = new Services();
        final ReplicatedServices replicated;
        final Set<String> present = new TreeSet<>();
        DirectorSettings settings = DirectorSettings.DEFAULT;
        ReplicatedServices.Standing standing =
                new ReplicatedServices.Standing(false, 0, "", "INIT");
        int limitBytes = 100_000;
        String refusal = "";

        Node(String name) {
            this.name = name;
            replicated = new ReplicatedServices("web", name, this, this);
            nodes.put(name, this);
        }

        void isMaster(long epoch) {
            standing = new ReplicatedServices.Standing(true, epoch, name, "MASTER");
        }

        void isBackup(String master, long epoch) {
            standing = new ReplicatedServices.Standing(false, epoch, master, "BACKUP");
        }

        void change(Consumer<Services> change) throws ApiException {
            var _ =
                    replicated.change(() -> {
                        change.accept(services);
                        return new IpvsAnswer(List.of());
                    });
        }

        Status.SharedServices status() {
            return replicated.status();
        }

        @Override
        public ServicesContent now() {
            return new ServicesContent(services.snapshot().services(), settings);
        }

        @Override
        public void replace(ServicesContent content) {
            if (!refusal.isEmpty()) {
                throw new IllegalArgumentException(refusal);
            }
            services.replace(content.services());
            settings = content.settings();
        }

        @Override
        public ReplicatedServices.Standing standing() {
            return standing;
        }

        @Override
        public Set<String> present() {
            return present;
        }

        @Override
        public int limitBytes() {
            return limitBytes;
        }

        @Override
        public void send(String to, String text) {
            Node receiver = Objects.requireNonNull(nodes.get(to));
            underWay.add(() -> receiver.replicated.received(name, text));
        }
    }
}
