package dev.tandem.director.forward;

import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.CLIENT6;
import static dev.tandem.director.testing.PathFixture.CLIENT_HW;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER6;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.INSIDE_HW;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.OUTSIDE_HW;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER6;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SOURCE;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SOURCE6;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.VIP6;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static dev.tandem.director.testing.PathFixture.fromServer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.testing.Fragments;
import dev.tandem.director.testing.FrameChecker;
import dev.tandem.director.testing.PacketBuilder;
import dev.tandem.director.testing.PathFixture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that come in fragments, and packets that have to leave in fragments. */
class FragmentsTest {
    private static final int IP = PacketBuilder.VNET + PacketBuilder.ETHERNET;
    private static final long SECOND = 1_000_000_000L;
    private static final int PAYLOAD = 5001;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldForwardDatagramInFragmentsNoLargerThanItCameIn(boolean ipv6) {
        for (int size : new int[] {8, 512, 1448}) {
            try (PathFixture fixture = fixture()) {
                for (byte[] fragment : Fragments.cut(request(ipv6), size)) {
                    fixture.receive(fixture.outside, fragment);
                }
                List<byte[]> sent = sent(fixture);
                assertArrayEquals(translated(ipv6), Fragments.join(sent));
                int largest = IP + (ipv6 ? 48 : 20) + size;
                assertTrue(sent.stream().allMatch(frame -> frame.length <= largest));
                assertEquals(Map.of(), fixture.counters.drops());
                assertEquals(1, fixture.counters.reassembled());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPutFragmentsTogetherInAnyOrderEvenDoubled(boolean ipv6) {
        Random random = new Random(4);
        for (int round = 0; round < 50; round++) {
            try (PathFixture fixture = fixture()) {
                List<byte[]> fragments = Fragments.cut(request(ipv6), 640);
                // the last to come completes it, so none of the doubles may follow
                byte[] last = fragments.remove(random.nextInt(fragments.size()));
                fragments.addAll(List.copyOf(fragments));
                Collections.shuffle(fragments, random);
                fragments.add(last);
                fragments.forEach(fragment -> fixture.receive(fixture.outside, fragment));

                assertArrayEquals(translated(ipv6), Fragments.join(sent(fixture)));
                assertEquals(Map.of(), fixture.counters.drops());
            }
        }
    }

    @Test
    void shouldTranslateFragmentsOfServers() {
        try (PathFixture fixture = fixture()) {
            byte[] reply =
                    fromServer(udp(DNS_SERVER, 5353, CLIENT, 5000, PAYLOAD).fragmentWord(0))
                            .build();
            Fragments.cut(reply, 1480).forEach(one -> fixture.receive(fixture.inside, one));

            byte[] expected =
                    udp(VIP, 53, CLIENT, 5000, PAYLOAD)
                            .fragmentWord(0)
                            .ttl(63)
                            .hardware(OUTSIDE_HW, CLIENT_HW)
                            .build();
            assertArrayEquals(expected, Fragments.join(sent(fixture)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDropPacketWhoseFragmentsOverlap(boolean ipv6) {
        byte[] whole = request(ipv6);
        byte[] lie = whole.clone();
        lie[IP + 80] ^= 1;
        List<List<byte[]>> attacks =
                List.of(
                        List.of(Fragments.fragment(whole, 1016, 2048, true)),
                        List.of(Fragments.fragment(lie, 0, 1024, true)),
                        List.of(
                                Fragments.fragment(whole, 2048, 3072, true),
                                Fragments.fragment(whole, 1024, 2049, false)));
        for (List<byte[]> attack : attacks) {
            try (PathFixture fixture = fixture()) {
                fixture.receive(fixture.outside, Fragments.fragment(whole, 0, 1024, true));
                attack.forEach(fragment -> fixture.receive(fixture.outside, fragment));
                int payload = whole.length - IP - (ipv6 ? 40 : 20);
                fixture.receive(fixture.outside, Fragments.fragment(whole, 1024, 2048, true));
                fixture.receive(fixture.outside, Fragments.fragment(whole, 2048, payload, false));

                assertEquals(List.of(), fixture.takeSent());
                assertTrue(fixture.counters.dropped(DropReason.BAD_FRAGMENT) >= 3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDropFragmentsThatNoPacketCanHave(boolean ipv6) {
        byte[] whole = request(ipv6);
        byte[] beyond = Fragments.fragment(whole, 0, 1480, true);
        int word = ipv6 ? IP + 42 : IP + 6;
        beyond[word] = (byte) (ipv6 ? 0xFF : 0x3F);
        beyond[word + 1] = (byte) (ipv6 ? 0xF9 : 0xFF);
        if (!ipv6) {
            fixIpChecksum(beyond);
        }
        try (PathFixture fixture = fixture()) {
            fixture.receive(fixture.outside, beyond);
            fixture.receive(fixture.outside, Fragments.fragment(whole, 0, 1001, true));

            assertEquals(Map.of(DropReason.BAD_FRAGMENT, 2L), fixture.counters.drops());
            assertEquals(List.of(), fixture.takeSent());
        }
    }

    @Test
    void shouldGiveUpPacketThatIsNotCompleteInTime() {
        try (PathFixture fixture = fixture()) {
            List<byte[]> fragments = Fragments.cut(request(false), 1480);
            fixture.receive(fixture.outside, fragments.get(0));
            fixture.nowNs += 30 * SECOND;
            fragments
                    .subList(1, fragments.size())
                    .forEach(fragment -> fixture.receive(fixture.outside, fragment));

            assertEquals(Map.of(DropReason.FRAGMENT_EXPIRED, 1L), fixture.counters.drops());
            assertEquals(List.of(), fixture.takeSent());
        }
    }

    @Test
    void shouldLetOldestPacketGiveWayWhenTooManyBegin() {
        try (PathFixture fixture = fixture()) {
            List<byte[]> kept = Fragments.cut(request(false), 4000);
            for (int i = 0; i < 1000; i++) {
                byte[] begun =
                        fromClient(
                                        udp(CLIENT, 5000, VIP, 53, PAYLOAD)
                                                .fragmentWord(0)
                                                .identification(i))
                                .build();
                fixture.nowNs++;
                fixture.receive(fixture.outside, Fragments.cut(begun, 800).getFirst());
            }
            kept.forEach(fragment -> fixture.receive(fixture.outside, fragment));

            assertEquals(
                    Map.of(DropReason.FRAGMENT_EVICTED, 1001L - Reassembly.PLACES),
                    fixture.counters.drops());
            assertArrayEquals(translated(false), Fragments.join(sent(fixture)));
        }
    }

    @Test
    void shouldFragmentPacketThatMayBeAndIsLargerThanTheRouteTakes() {
        byte[] options = {(byte) 0x94, 4, 0, 0, 7, 4, 4, 0};
        try (PathFixture fixture = fixture()) {
            fixture.receive(
                    fixture.outside,
                    fromClient(
                                    tcp(CLIENT, 40000, VIP, 80, ACK, 4000)
                                            .options(options)
                                            .fragmentWord(0))
                            .build());
            List<byte[]> sent = sent(fixture);
            byte[] expected =
                    tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, 4000)
                            .options(options)
                            .fragmentWord(0)
                            .ttl(63)
                            .hardware(INSIDE_HW, NAT_SERVER_HW)
                            .build();

            assertArrayEquals(expected, Fragments.join(sent));
            assertTrue(sent.stream().allMatch(frame -> frame.length - IP <= PathFixture.MTU));
            byte[] later = sent.get(1);
            assertArrayEquals(
                    new byte[] {(byte) 0x94, 4, 0, 0, 1, 1, 1, 1},
                    java.util.Arrays.copyOfRange(later, IP + 20, IP + 28),
                    "record route is not copied");
        }
    }

    @Test
    void shouldCompletePartialChecksumOfPacketThatItFragments() {
        try (PathFixture fixture = fixture()) {
            fixture.receive(
                    fixture.outside,
                    fromClient(udp(CLIENT, 5000, VIP, 53, 3000).partialChecksum().fragmentWord(0))
                            .build());
            byte[] expected =
                    udp(CLIENT, 5000, DNS_SERVER, 5353, 3000)
                            .fragmentWord(0)
                            .ttl(63)
                            .hardware(INSIDE_HW, DNS_SERVER_HW)
                            .build();
            assertArrayEquals(expected, Fragments.join(sent(fixture)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellSenderWhenFragmentsThatMayNotBeCutAreTooLarge(boolean ipv6) {
        String server = ipv6 ? DNS_SERVER6 : DNS_SERVER;
        byte[] whole =
                ipv6 ? request(true) : fromClient(udp(CLIENT, 5000, VIP, 53, PAYLOAD)).build();
        try (PathFixture fixture = fixture()) {
            fixture.lan.neighbour(server, DNS_SERVER_HW, INSIDE_HW, 1, 1400);
            Fragments.cut(whole, 1448).forEach(one -> fixture.receive(fixture.outside, one));

            assertEquals(Map.of(DropReason.TOO_BIG, 1L), fixture.counters.drops());
            byte[] error = fixture.takeSent().getFirst().frame();
            assertEquals(ipv6 ? 2 : 3, error[IP + (ipv6 ? 40 : 20)], "type");
            int mtu = ByteBuffer.wrap(error).getShort(IP + (ipv6 ? 46 : 26));
            assertEquals(1400, mtu, "MTU");
        }
    }

    @Test
    void shouldAnswerLargePingInFragments() {
        try (PathFixture fixture = fixture()) {
            byte[] ping =
                    fromClient(icmp(CLIENT, VIP, 8, 0, 7, new byte[4000]).fragmentWord(0)).build();
            Fragments.cut(ping, 1480).forEach(one -> fixture.receive(fixture.outside, one));

            byte[] expected =
                    icmp(VIP, CLIENT, 0, 0, 7, new byte[4000])
                            .fragmentWord(0)
                            .hardware(OUTSIDE_HW, CLIENT_HW)
                            .build();
            assertArrayEquals(expected, Fragments.join(sent(fixture)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPutReassembledDatagramIntoTunnelInFragmentsOfTheTunnel(boolean ipv6) {
        String client = ipv6 ? CLIENT6 : CLIENT;
        String vip = ipv6 ? VIP6 : VIP;
        PacketBuilder datagram = udp(client, 5002, vip, 55, PAYLOAD).fragmentWord(0);
        try (PathFixture fixture = fixture()) {
            Fragments.cut(fromClient(datagram).build(), 1400)
                    .forEach(one -> fixture.receive(fixture.outside, one));

            byte[] outer = Fragments.join(sent(fixture));
            byte[] expected =
                    (ipv6
                                    ? datagram.ttl(63)
                                            .inside(41, TUNNEL_SOURCE6, TUNNEL_SERVER6)
                                            .ttl(63)
                                    : datagram.ttl(63)
                                            .inside(4, TUNNEL_SOURCE, TUNNEL_SERVER)
                                            .fragmentWord(0)
                                            .ttl(63))
                            .hardware(INSIDE_HW, TUNNEL_SERVER_HW)
                            .build();
            assertArrayEquals(
                    PacketCase.withoutIdentification(expected, !ipv6),
                    PacketCase.withoutIdentification(outer, !ipv6));
        }
    }

    private static PathFixture fixture() {
        return new PathFixture().owning().connected().established();
    }

    private static byte[] request(boolean ipv6) {
        return fromClient(
                        ipv6
                                ? udp(CLIENT6, 5000, VIP6, 53, PAYLOAD)
                                : udp(CLIENT, 5000, VIP, 53, PAYLOAD).fragmentWord(0))
                .build();
    }

    private static byte[] translated(boolean ipv6) {
        return (ipv6
                        ? udp(CLIENT6, 5000, DNS_SERVER6, 5353, PAYLOAD)
                        : udp(CLIENT, 5000, DNS_SERVER, 5353, PAYLOAD).fragmentWord(0))
                .ttl(63)
                .hardware(INSIDE_HW, DNS_SERVER_HW)
                .build();
    }

    private static List<byte[]> sent(PathFixture fixture) {
        List<byte[]> frames = new ArrayList<>();
        for (PathFixture.Sent sent : fixture.takeSent()) {
            FrameChecker.check(sent.frame());
            frames.add(sent.frame());
        }
        return frames;
    }

    private static void fixIpChecksum(byte[] frame) {
        frame[IP + 10] = 0;
        frame[IP + 11] = 0;
        int sum = ~dev.tandem.director.testing.InternetChecksum.sum(frame, IP, 20, 0);
        frame[IP + 10] = (byte) (sum >> 8);
        frame[IP + 11] = (byte) sum;
    }
}
