package dev.tandem.director.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageParserTest {
    private static final long MAC = 0x0200_0A0B_0C0DL;

    private final TestMessages link =
            TestMessages.link(7, 1, 0x1 | 0x40)
                    .text(3, "eth0")
                    .number(4, 1500)
                    .hardwareAddress(1, MAC);
    private final TestMessages address =
            TestMessages.address(7, 24).address(1, "10.0.0.9").address(2, "10.0.0.1");
    private final TestMessages neighbour =
            TestMessages.neighbour(7, 0x04)
                    .address(1, "10.0.0.2")
                    .hardwareAddress(2, MAC)
                    .number(15, 1);
    private final TestMessages ipv6Address =
            TestMessages.address(7, 64).address(1, "2001:db8::1").number(8, 0x80).ipv6();
    private final TestMessages ipv6Neighbour =
            TestMessages.neighbour(7, 0x02).address(1, "fe80::2").hardwareAddress(2, MAC).ipv6();
    private final TestMessages ipv6Route =
            TestMessages.route(48, 254, 1, 0)
                    .address(1, "2001:db8:1:ffff::9")
                    .address(5, "fe80::1")
                    .address(7, "2001:db8::1")
                    .number(4, 7)
                    .number(6, 1024)
                    .ipv6();
    private final List<TestMessages> all;
    private final TestMessages route =
            TestMessages.route(16, 254, 1, 0)
                    .address(1, "10.1.255.255")
                    .address(5, "10.0.0.254")
                    .number(4, 7)
                    .number(6, 100)
                    .bytes(8, TestMessages.metrics(1400));

    MessageParserTest() {
        all = List.of(link, address, neighbour, route, ipv6Address, ipv6Neighbour, ipv6Route);
    }

    @Test
    void shouldReadLink() {
        assertEquals(
                new Link(7, "eth0", true, true, true, 1500, 1500, MAC),
                MessageParser.link(link.buffer(), 0, link.length()));
    }

    @Test
    void shouldReadIpv6MtuFromLinkAndFromWhatTheKernelSendsWhenItChanged() {
        byte[] settings = TestMessages.ipv6Settings(1280);
        TestMessages family = new TestMessages().bytes(10, settings);
        link.bytes(26, family.toArray());
        @Nullable Link read = MessageParser.link(link.buffer(), 0, link.length());
        assertTrue(read != null && read.ipv6Mtu() == 1280 && read.mtu() == 1500);
        TestMessages told =
                TestMessages.link(7, 1, 0x41).text(3, "eth0").bytes(12, settings).ipv6();
        assertNull(MessageParser.link(told.buffer(), 0, told.length()));
        assertEquals(1280, MessageParser.ipv6Mtu(told.buffer(), 0, told.length()));
        assertEquals(7, MessageParser.interfaceOfIpv6(told.buffer(), 0, told.length()));
    }

    @Test
    void shouldReadOwnAddressOfPointToPointLink() {
        assertEquals(
                new HostAddress(TestMessages.ip("10.0.0.1"), 7, 24, 0, 0),
                MessageParser.address(address.buffer(), 0, address.length()));
    }

    @Test
    void shouldReadIpv6AddressWithItsFlags() {
        assertEquals(
                new HostAddress(TestMessages.ip("2001:db8::1"), 7, 64, 0, 0x80),
                MessageParser.address(ipv6Address.buffer(), 0, ipv6Address.length()));
    }

    @Test
    void shouldReadNeighbour() {
        assertEquals(
                new Neighbour(new Neighbour.Key(7, TestMessages.ip("10.0.0.2")), 0x04, MAC, true),
                MessageParser.neighbour(neighbour.buffer(), 0, neighbour.length()));
        assertEquals(
                new Neighbour(new Neighbour.Key(7, TestMessages.ip("fe80::2")), 0x02, MAC, false),
                MessageParser.neighbour(ipv6Neighbour.buffer(), 0, ipv6Neighbour.length()));
    }

    @Test
    void shouldReadRouteAndClearItsHostBits() {
        assertEquals(
                new Route(
                        254,
                        TestMessages.ip("10.1.0.0"),
                        16,
                        0,
                        100,
                        1,
                        7,
                        TestMessages.ip("10.0.0.254"),
                        1400,
                        null),
                RouteParser.parse(route.buffer(), 0, route.length()));
        assertEquals(
                new Route(
                        254,
                        TestMessages.ip("2001:db8:1::"),
                        48,
                        0,
                        1024,
                        1,
                        7,
                        TestMessages.ip("fe80::1"),
                        0,
                        TestMessages.ip("2001:db8::1")),
                RouteParser.parse(ipv6Route.buffer(), 0, ipv6Route.length()));
    }

    @Test
    void shouldTakeFirstNextHopThatIsAlive() {
        TestMessages several =
                TestMessages.route(0, 254, 1, 0)
                        .bytes(
                                9,
                                TestMessages.concat(
                                        TestMessages.nextHop(0x01, 7, "10.0.0.1"), // dead
                                        TestMessages.nextHop(0x10, 8, "10.0.0.2"), // no carrier
                                        TestMessages.nextHop(0x00, 9, "10.0.0.3")));
        @Nullable Route read = RouteParser.parse(several.buffer(), 0, several.length());
        assertTrue(read != null && read.interfaceIndex() == 9);
        assertEquals(TestMessages.ip("10.0.0.3"), read.gateway());
    }

    @Test
    void shouldHaveNoInterfaceWhenNextHopIsDownOrWrapsPackets() {
        TestMessages down = TestMessages.route(0, 254, 1, 0x10).number(4, 7);
        TestMessages wrapped =
                TestMessages.route(0, 254, 1, 0).bytes(22, new byte[18]).number(4, 7);
        TestMessages odd = TestMessages.route(0, 254, 1, 0).bytes(18, new byte[18]).number(4, 7);
        for (TestMessages message : List.of(down, wrapped, odd)) {
            @Nullable Route read = RouteParser.parse(message.buffer(), 0, message.length());
            assertTrue(read != null && read.interfaceIndex() == 0);
        }
    }

    @Test
    void shouldTakeIpv6GatewayOfIpv4Route() {
        TestMessages message =
                TestMessages.route(0, 254, 1, 0)
                        .bytes(18, TestMessages.via(10, "fe80::1"))
                        .number(4, 7);
        @Nullable Route read = RouteParser.parse(message.buffer(), 0, message.length());
        assertTrue(read != null && read.interfaceIndex() == 7);
        assertEquals(TestMessages.ip("fe80::1"), read.gateway());
        assertEquals(TestMessages.ip("0.0.0.0"), read.destination());
    }

    @Test
    void shouldPassOverWhatIsOfAnotherFamilyAndRoutesForCertainSources() {
        ipv6Route.buffer().put(2, (byte) 64);
        assertNull(RouteParser.parse(ipv6Route.buffer(), 0, ipv6Route.length()));
        for (TestMessages message : List.of(link, address, neighbour, route)) {
            message.buffer().put(0, (byte) 7); // AF_BRIDGE
        }
        assertNull(MessageParser.link(link.buffer(), 0, link.length()));
        assertNull(MessageParser.address(address.buffer(), 0, address.length()));
        assertNull(MessageParser.neighbour(neighbour.buffer(), 0, neighbour.length()));
        assertNull(RouteParser.parse(route.buffer(), 0, route.length()));
    }

    @Test
    void shouldPassOverRouteWithImpossiblePrefix() {
        route.buffer().put(1, (byte) 33);
        assertNull(RouteParser.parse(route.buffer(), 0, route.length()));
        ipv6Route.buffer().put(1, (byte) 129);
        assertNull(RouteParser.parse(ipv6Route.buffer(), 0, ipv6Route.length()));
    }

    /** The buffer ends where the message does, so reading beyond it would throw. */
    @Test
    void shouldNotReadBeyondTheEndWhenTruncatedAnywhere() {
        for (TestMessages message : all) {
            for (int length = 0; length <= message.length(); length++) {
                byte[] bytes = Arrays.copyOf(message.toArray(), length);
                parseAsEverything(bytes);
            }
        }
    }

    @Test
    void shouldNotThrowWhenBytesAreChanged() {
        SplittableRandom random = new SplittableRandom(42);
        TestMessages several =
                TestMessages.route(0, 254, 1, 0).bytes(9, TestMessages.nextHop(0, 7, "10.0.0.1"));
        List<TestMessages> messages = new ArrayList<>(all);
        messages.add(several);
        messages.add(TestMessages.link(7, 1, 1).bytes(12, TestMessages.ipv6Settings(9)).ipv6());
        for (TestMessages message : messages) {
            for (int round = 0; round < 20_000; round++) {
                byte[] bytes = message.toArray();
                for (int change = random.nextInt(1, 5); change > 0; change--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                parseAsEverything(bytes);
            }
        }
    }

    private static void parseAsEverything(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        HostState state = new HostState();
        for (int type = Rtnetlink.RTM_NEWLINK; type <= Rtnetlink.RTM_GETNEIGH; type++) {
            state.onMessage(type, buffer, 0, bytes.length);
        }
        @Nullable Route _ = RouteParser.parse(buffer, 0, bytes.length);
        NetlinkMessages messages = new NetlinkMessages(buffer, bytes.length);
        while (messages.next()) {
            state.onMessage(messages.type(), buffer, messages.body(), messages.end());
        }
    }
}
