package dev.tandem.director.forward;

import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.DR_SERVER;
import static dev.tandem.director.testing.PathFixture.DR_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.INSIDE_HW;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static dev.tandem.director.testing.PathFixture.fromServer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.testing.PacketBuilder;
import dev.tandem.director.testing.PathFixture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The packet path in time: leases, draining, next hops that come late, limits of rate. */
class OwnershipPathTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1000 * MS;

    /** Frames of 64 KB that fit 4 MiB, less one at the end of the ring. */
    private static final int SENT_PER_ROUND = 65;

    @Test
    void shouldSendNothingFromTheMomentTheLeaseRunsOut() {
        try (PathFixture fixture = new PathFixture().owning().connected()) {
            fixture.ownership.leaseUntil(fixture.nowNs + 200 * MS);
            fixture.nowNs += 200 * MS - 1;
            sendOneOfEach(fixture);
            assertEquals(3, fixture.takeSent().size());

            fixture.nowNs += 1;
            sendOneOfEach(fixture);
            assertEquals(List.of(), fixture.takeSent());
            assertEquals(Map.of(DropReason.NOT_OWNER, 3L), fixture.counters.drops());

            fixture.ownership.leaseUntil(fixture.nowNs + 1);
            sendOneOfEach(fixture);
            assertEquals(3, fixture.takeSent().size(), "extended: the addresses are ours again");
        }
    }

    @Test
    void shouldForwardOnlyKnownConnectionsWhileDraining() {
        try (PathFixture fixture = new PathFixture().owning().connected()) {
            fixture.ownership.release(fixture.nowNs, 200 * MS);
            fixture.nowNs += 199 * MS;
            sendOneOfEach(fixture);
            fixture.receive(
                    fixture.outside, fromClient(tcp(CLIENT, 45000, VIP, 80, ACK, 0)).build());
            fixture.receive(
                    fixture.outside, fromClient(tcp(CLIENT, 45001, VIP, 80, SYN, 0)).build());
            fixture.receive(fixture.outside, fromClient(udp(CLIENT, 1, VIP, 99, 0)).build());

            assertEquals(2, fixture.takeSent().size(), "one each way, no ping, no reset, no error");
            assertEquals(Map.of(DropReason.DRAINING, 4L), fixture.counters.drops());

            fixture.nowNs += MS;
            sendOneOfEach(fixture);
            assertEquals(List.of(), fixture.takeSent());
        }
    }

    @Test
    void shouldSendWaitingPacketsInOrderWhenNextHopBecomesKnown() {
        try (PathFixture fixture = new PathFixture().owning().connected()) {
            fixture.lan.unresolved(NAT_SERVER);
            for (int payload = 0; payload < 5; payload++) {
                fixture.receive(
                        fixture.outside,
                        fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, payload)).build());
            }
            assertEquals(0, fixture.egress.doWork(fixture.nowNs));
            assertEquals(List.of(), fixture.takeSent());
            assertEquals(5, fixture.counters.pending());

            fixture.nowNs += 999 * MS;
            fixture.lan.neighbour(NAT_SERVER, NAT_SERVER_HW, INSIDE_HW, 1, 1500);
            assertEquals(5, fixture.egress.doWork(fixture.nowNs));

            List<PathFixture.Sent> sent = fixture.takeSent();
            assertEquals(5, sent.size());
            for (int payload = 0; payload < 5; payload++) {
                assertArrayEquals(
                        tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, payload)
                                .ttl(63)
                                .hardware(INSIDE_HW, NAT_SERVER_HW)
                                .build(),
                        sent.get(payload).frame());
            }
            assertEquals(0, fixture.counters.pending());
            assertEquals(Map.of(), fixture.counters.drops());
        }
    }

    @Test
    void shouldGiveUpWaitingPacketsAfterOneSecond() {
        try (PathFixture fixture = new PathFixture().owning().connected()) {
            fixture.lan.unresolved(NAT_SERVER);
            receiveSegments(fixture, 3);
            fixture.nowNs += SECOND - 1;
            fixture.egress.doWork(fixture.nowNs);
            assertEquals(Map.of(), fixture.counters.drops());

            fixture.nowNs += 1;
            fixture.egress.doWork(fixture.nowNs);

            assertEquals(Map.of(DropReason.PENDING_EXPIRED, 3L), fixture.counters.drops());
            assertEquals(List.of(), fixture.takeSent());
        }
    }

    @Test
    void shouldBoundWhatWaitsForOneDestination() {
        try (PathFixture fixture = new PathFixture().owning().connected()) {
            fixture.lan.unresolved(NAT_SERVER);
            receiveSegments(fixture, PendingFrames.LIMIT_PER_DESTINATION + 7);

            assertEquals(Map.of(DropReason.PENDING_FULL, 7L), fixture.counters.drops());
        }
    }

    @Test
    void shouldBoundBytesThatWaitAndKeepThoseWhole() {
        try (PathFixture fixture = new PathFixture().owning().connected()) {
            for (int round = 0; round < 5; round++) {
                fixture.lan.unresolved(NAT_SERVER);
                fixture.lan.unresolved(DR_SERVER);
                for (int i = 0; i < 50; i++) {
                    fixture.receive(fixture.outside, superFrame(40000, VIP, 80, 64_000 + i));
                    fixture.receive(fixture.outside, superFrame(40001, VIP, 81, 64_000 + i));
                }
                fixture.lan.neighbour(NAT_SERVER, NAT_SERVER_HW, INSIDE_HW, 1, 1500);
                fixture.lan.neighbour(DR_SERVER, DR_SERVER_HW, INSIDE_HW, 1, 1500);
                fixture.egress.doWork(fixture.nowNs);
                List<PathFixture.Sent> sent = fixture.takeSent();

                assertEquals(
                        100L * (round + 1) - fixture.counters.dropped(DropReason.PENDING_FULL),
                        SENT_PER_ROUND * (round + 1L));
                assertEquals(SENT_PER_ROUND, sent.size());
                for (int i = 0; i < sent.size(); i++) {
                    byte[] expected =
                            i % 2 == 0
                                    ? superFrame(40000, NAT_SERVER, 8080, 64_000 + i / 2)
                                    : superFrame(40001, VIP, 81, 64_000 + i / 2);
                    assertEquals(
                            -1,
                            Arrays.mismatch(payload(expected), payload(sent.get(i).frame())),
                            "frame " + i);
                }
            }
        }
    }

    private static byte[] superFrame(int clientPort, String address, int port, int payload) {
        return fromClient(tcp(CLIENT, clientPort, address, port, ACK, payload).segmented(1448))
                .build();
    }

    private static byte[] payload(byte[] frame) {
        return Arrays.copyOfRange(frame, 64, frame.length);
    }

    @Test
    void shouldDropWaitingPacketsWhenAddressesAreLost() {
        try (PathFixture fixture = new PathFixture().owning().connected()) {
            fixture.lan.unresolved(NAT_SERVER);
            receiveSegments(fixture, 3);
            fixture.egress.forget();
            fixture.lan.neighbour(NAT_SERVER, NAT_SERVER_HW, INSIDE_HW, 1, 1500);
            fixture.egress.doWork(fixture.nowNs);

            assertEquals(List.of(), fixture.takeSent());
            assertEquals(Map.of(DropReason.NOT_OWNER, 3L), fixture.counters.drops());
        }
    }

    @Test
    void shouldTellClientThatHostIsUnreachableWhenNoRouteLeadsToServer() {
        try (PathFixture fixture = new PathFixture().owning().connected()) {
            fixture.lan.noRoute(NAT_SERVER);
            PacketBuilder packet = fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 0));
            fixture.receive(fixture.outside, packet.build());

            assertEquals(Map.of(DropReason.NO_ROUTE, 1L), fixture.counters.drops());
            assertArrayEquals(
                    icmp(VIP, CLIENT, 3, 1, 0, packet.quote(20))
                            .identification(0)
                            .hardware(PathFixture.OUTSIDE_HW, PathFixture.CLIENT_HW)
                            .build(),
                    fixture.takeSent().getFirst().frame());
        }
    }

    @Test
    void shouldLimitResetsToTheirRate() {
        try (PathFixture fixture = new PathFixture().owning()) {
            for (int i = 0; i < 60; i++) {
                receiveStray(fixture);
            }
            assertEquals(50, fixture.counters.resets(), "the burst");
            assertEquals(10, fixture.counters.answersSuppressed());

            fixture.nowNs += 5 * MS;
            for (int i = 0; i < 60; i++) {
                receiveStray(fixture);
            }
            assertEquals(55, fixture.counters.resets(), "one more per millisecond");
        }
    }

    private static void receiveStray(PathFixture fixture) {
        fixture.receive(fixture.outside, fromClient(tcp(CLIENT, 45000, VIP, 80, ACK, 0)).build());
    }

    private static void receiveSegments(PathFixture fixture, int count) {
        for (int i = 0; i < count; i++) {
            fixture.receive(
                    fixture.outside, fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 0)).build());
        }
    }

    /** A packet to the server, one to the client, a ping. */
    private static void sendOneOfEach(PathFixture fixture) {
        receiveSegments(fixture, 1);
        fixture.receive(
                fixture.inside, fromServer(tcp(NAT_SERVER, 8080, CLIENT, 40000, ACK, 0)).build());
        fixture.receive(
                fixture.outside, fromClient(icmp(CLIENT, VIP, 8, 0, 1, new byte[4])).build());
    }
}
