package dev.tandem.director.forward;

import static dev.tandem.director.testing.PacketBuilder.VNET;
import static dev.tandem.director.testing.PacketBuilder.icmp;
import static dev.tandem.director.testing.PacketBuilder.sctp;
import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PacketBuilder.udp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.CLIENT6;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SOURCE;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.VIP6;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.testing.Fragments;
import dev.tandem.director.testing.InternetChecksum;
import dev.tandem.director.testing.PacketBuilder;
import dev.tandem.director.testing.PathFixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever comes from the wire ends in a counter. */
class HostileFramesTest {
    private static final int FUZZ_FRAMES = 1_000_000;
    private static final long CONNECTED_TO_SERVER = 4;
    private static final int IP = VNET + PacketBuilder.ETHERNET;

    @Test
    void shouldCountFrameAsTruncatedWhereverItIsCut() {
        List<PacketBuilder> whole =
                List.of(
                        tcp(CLIENT, 40000, VIP, 80, ACK, 20),
                        udp(CLIENT, 5000, VIP, 53, 20),
                        icmp(CLIENT, VIP, 8, 0, 1, new byte[32]));
        for (PacketBuilder packet : whole) {
            byte[] frame = fromClient(packet).build();
            for (int length = 0; length < frame.length - VNET; length++) {
                try (PathFixture fixture = new PathFixture().owning().connected()) {
                    fixture.receive(fixture.outside, Arrays.copyOf(frame, VNET + length));

                    assertEquals(
                            Map.of(DropReason.TRUNCATED, 1L),
                            fixture.counters.drops(),
                            "cut at " + length);
                    assertEquals(List.of(), fixture.takeSent());
                }
            }
        }
    }

    @Test
    void shouldDropPacketThatIsCutAndSaysSo() {
        for (int totalLength = 0; totalLength < 60; totalLength++) {
            try (PathFixture fixture = new PathFixture().owning().connected()) {
                byte[] frame = fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 20)).build();
                frame[IP + 3] = (byte) totalLength;
                fixIpChecksum(frame, 20);
                fixture.receive(fixture.outside, frame);

                // from 40 on the headers are whole; nobody here reads the payload
                boolean forwarded = fixture.counters.toServer() == CONNECTED_TO_SERVER + 1;
                assertEquals(totalLength >= 40, forwarded, "total length " + totalLength);
            }
        }
    }

    @Test
    void shouldDropPacketWithAnyBitOfItsIpHeaderFlipped() {
        for (int bit = 0; bit < 20 * 8; bit++) {
            try (PathFixture fixture = new PathFixture().owning().connected()) {
                byte[] frame = fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 20)).build();
                frame[IP + bit / 8] ^= (byte) (1 << bit % 8);
                fixture.receive(fixture.outside, frame);

                assertEquals(
                        1,
                        fixture.counters.drops().values().stream().mapToLong(n -> n).sum(),
                        "bit " + bit);
                assertEquals(0, fixture.takeSent().size());
            }
        }
    }

    @Test
    void shouldOnlyCountWhenFramesAreRandom() {
        List<byte[]> seeds =
                List.of(
                        fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 40)).build(),
                        fromClient(tcp(CLIENT, 40001, VIP, 81, ACK, 40).options(new byte[8]))
                                .build(),
                        fromClient(udp(CLIENT, 5000, VIP, 53, 30)).build(),
                        fromClient(icmp(CLIENT, VIP, 8, 0, 1, new byte[32])).build(),
                        fromClient(
                                        icmp(
                                                CLIENT,
                                                VIP,
                                                3,
                                                4,
                                                1400,
                                                tcp(VIP, 80, CLIENT, 40000, ACK, 9).quote(20)))
                                .build(),
                        PathFixture.fromServer(tcp(NAT_SERVER, 8080, CLIENT, 40000, ACK, 40))
                                .build(),
                        PathFixture.fromServer(
                                        icmp(
                                                NAT_SERVER,
                                                CLIENT,
                                                3,
                                                3,
                                                0,
                                                tcp(CLIENT, 40000, NAT_SERVER, 8080, ACK, 9)
                                                        .quote(8)))
                                .build());
        shouldOnlyCountMutationsOf(seeds);
    }

    @Test
    void shouldOnlyCountWhenFramesOfEveryOtherKindAreRandom() {
        byte[] datagram = fromClient(udp(CLIENT6, 5000, VIP6, 53, 600)).build();
        byte[] tunnelled =
                tcp(CLIENT, 40002, VIP, 83, ACK, 60)
                        .inside(4, TUNNEL_SOURCE, TUNNEL_SERVER)
                        .packet();
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(fromClient(tcp(CLIENT6, 40000, VIP6, 80, ACK, 40)).build());
        seeds.add(
                fromClient(
                                tcp(CLIENT6, 40001, VIP6, 81, ACK, 40)
                                        .extension(0, new byte[6])
                                        .extension(51, new byte[10])
                                        .extension(60, new byte[14]))
                        .build());
        seeds.add(fromClient(tcp(CLIENT6, 40002, VIP6, 83, ACK, 9000).segmented(1400)).build());
        seeds.add(fromClient(tcp(CLIENT, 40002, VIP, 83, ACK, 900).segmented(40)).build());
        seeds.add(fromClient(udp(CLIENT, 5002, VIP, 55, 40).partialChecksum()).build());
        seeds.add(fromClient(sctp(CLIENT, 40010, VIP, 90, 0, 40)).build());
        seeds.add(fromClient(sctp(CLIENT6, 40013, VIP6, 93, 0, 40).partialChecksum()).build());
        seeds.add(
                fromClient(
                                icmp(
                                        CLIENT6,
                                        VIP6,
                                        2,
                                        0,
                                        1280,
                                        tcp(VIP6, 80, CLIENT6, 40000, ACK, 40).quote(40)))
                        .build());
        seeds.add(
                PathFixture.fromServer(icmp("10.77.2.254", TUNNEL_SOURCE, 3, 4, 900, tunnelled))
                        .build());
        seeds.add(fromClient(udp(CLIENT, 5000, VIP, 53, 2500).fragmentWord(0)).build());
        seeds.addAll(Fragments.cut(datagram, 304));
        shouldOnlyCountMutationsOf(seeds);
    }

    private static void shouldOnlyCountMutationsOf(List<byte[]> seeds) {
        SplittableRandom random = new SplittableRandom(20_261_121);
        try (PathFixture fixture = new PathFixture(false).owning().connected().established()) {
            long handled = 0;
            while (handled < FUZZ_FRAMES) {
                for (int i = 0; i < 32; i++) {
                    byte[] frame = mutate(seeds.get(random.nextInt(seeds.size())), random);
                    assertTrue(
                            (random.nextBoolean() ? fixture.outside : fixture.inside)
                                    .inject(frame));
                }
                handled += fixture.work();
                fixture.nowNs += 1_000_000;
                fixture.connections.doWork(fixture.nowNs);
            }
            long drops = fixture.counters.drops().values().stream().mapToLong(n -> n).sum();
            // a fragment counts, and its packet once more
            drops +=
                    fixture.counters.fragments()
                            - fixture.counters.reassembled()
                            - fixture.counters.dropped(DropReason.FRAGMENT_EVICTED)
                            - fixture.counters.dropped(DropReason.FRAGMENT_EXPIRED);
            long passed =
                    fixture.counters.toServer()
                            + fixture.counters.toClient()
                            + fixture.counters.icmpTranslated()
                            + fixture.counters.echoReplies()
                            + fixture.counters.passedOver();
            assertEquals(handled + 4, drops + passed, "each frame is counted once");
            assertTrue(passed > handled / 10, passed + " of " + handled + " got through");
            assertTrue(fixture.counters.drops().size() >= 12, fixture.counters.drops().toString());
        }
    }

    /** Some bytes changed, sometimes cut, mostly with a right IP checksum so that it gets far. */
    private static byte[] mutate(byte[] seed, SplittableRandom random) {
        byte[] frame = seed.clone();
        for (int n = random.nextInt(4); n > 0; n--) {
            frame[VNET + random.nextInt(frame.length - VNET)] = (byte) random.nextInt();
        }
        if (random.nextInt(16) == 0) {
            frame[random.nextInt(VNET)] = (byte) random.nextInt();
        }
        if (random.nextInt(8) == 0) {
            frame = Arrays.copyOf(frame, VNET + random.nextInt(frame.length - VNET));
        }
        if (random.nextInt(8) != 0) {
            fixIpChecksum(frame, frame.length > IP ? (frame[IP] & 0x0F) * 4 : 0);
        }
        return frame;
    }

    private static void fixIpChecksum(byte[] frame, int headerLength) {
        if (headerLength >= 20 && frame[IP] >>> 4 == 4 && frame.length >= IP + headerLength) {
            frame[IP + 10] = 0;
            frame[IP + 11] = 0;
            int checksum = ~InternetChecksum.sum(frame, IP, headerLength, 0);
            frame[IP + 10] = (byte) (checksum >> 8);
            frame[IP + 11] = (byte) checksum;
        }
    }
}
