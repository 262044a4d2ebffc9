package dev.tandem.director.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    private final TestMessages route =
            TestMessages.route(16, 254, 1, 0)
                    .address(1, "10.1.255.255")
                    .address(5, "10.0.0.254")
                    .number(4, 7)
                    .number(6, 100)
                    .bytes(8, TestMessages.metrics(1400));

    @Test
    void shouldReadLink() {
        assertEquals(
                new Link(7, "eth0", true, true, true, 1500, MAC),
                MessageParser.link(link.buffer(), 0, link.length()));
    }

    @Test
    void shouldReadOwnAddressOfPointToPointLink() {
        MessageParser.@Nullable HostAddress read =
                MessageParser.address(address.buffer(), 0, address.length());
        assertEquals(
                new MessageParser.HostAddress(
                        MessageParser.inetAddress(TestMessages.address("10.0.0.1")), 7),
                read);
    }

    @Test
    void shouldReadNeighbour() {
        assertEquals(
                new Neighbour(7, TestMessages.address("10.0.0.2"), 0x04, MAC, true),
                MessageParser.neighbour(neighbour.buffer(), 0, neighbour.length()));
    }

    @Test
    void shouldReadRouteAndClearItsHostBits() {
        assertEquals(
                new Route(
                        254,
                        TestMessages.address("10.1.0.0"),
                        16,
                        0,
                        100,
                        1,
                        7,
                        TestMessages.address("10.0.0.254"),
                        1400),
                RouteParser.parse(route.buffer(), 0, route.length()));
    }

    @Test
    void shouldTakeFirstNextHopThatIsAlive() {
        TestMessages several =
                TestMessages.route(0, 254, 1, 0)
                        .bytes(
                                9,
                                TestMessages.nextHops(
                                        TestMessages.nextHop(0x01, 7, "10.0.0.1"), // dead
                                        TestMessages.nextHop(0x10, 8, "10.0.0.2"), // no carrier
                                        TestMessages.nextHop(0x00, 9, "10.0.0.3")));
        @Nullable Route read = RouteParser.parse(several.buffer(), 0, several.length());
        assertTrue(read != null && read.interfaceIndex() == 9);
        assertEquals(TestMessages.address("10.0.0.3"), read.gateway());
    }

    @Test
    void shouldHaveNoInterfaceWhenNextHopIsDownOrOfAnotherFamily() {
        TestMessages down = TestMessages.route(0, 254, 1, 0x10).number(4, 7);
        TestMessages via = TestMessages.route(0, 254, 1, 0).bytes(18, new byte[18]).number(4, 7);
        for (TestMessages message : List.of(down, via)) {
            @Nullable Route read = RouteParser.parse(message.buffer(), 0, message.length());
            assertTrue(read != null && read.interfaceIndex() == 0);
        }
    }

    @Test
    void shouldPassOverWhatIsNotIpv4() {
        link.buffer().put(0, (byte) 7); // AF_BRIDGE
        assertNull(MessageParser.link(link.buffer(), 0, link.length()));
        for (TestMessages message : List.of(address, neighbour, route)) {
            message.buffer().put(0, (byte) 10); // AF_INET6
        }
        assertNull(MessageParser.address(address.buffer(), 0, address.length()));
        assertNull(MessageParser.neighbour(neighbour.buffer(), 0, neighbour.length()));
        assertNull(RouteParser.parse(route.buffer(), 0, route.length()));
    }

    @Test
    void shouldPassOverRouteWithImpossiblePrefix() {
        route.buffer().put(1, (byte) 33);
        assertNull(RouteParser.parse(route.buffer(), 0, route.length()));
    }

    /** The buffer ends where the message does, so reading beyond it would throw. */
    @Test
    void shouldNotReadBeyondTheEndWhenTruncatedAnywhere() {
        for (TestMessages message : List.of(link, address, neighbour, route)) {
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
        for (TestMessages message : List.of(link, address, neighbour, route, several)) {
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
