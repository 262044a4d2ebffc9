package dev.tandem.director.address;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.MemoryPort;
import dev.tandem.director.packet.ScratchFrames;
import dev.tandem.director.testing.Lan;
import dev.tandem.director.testing.TestNdp;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** IPv6 neighbour discovery for the group, in time that the test passes. */
class DiscoveryTest {
    private static final long MS = 1_000_000;
    private static final long OUTSIDE_HW = 0x020000000100L;
    private static final long INSIDE_HW = 0x020000000200L;
    private static final long HOST_HW = 0x020000000101L;
    private static final long OTHER_HW = 0x0200000000BBL;
    private static final String HOST = "2001:db8:1::9";
    private static final String VIP = "2001:db8:1::ab:100";
    private static final String GATEWAY = "fe80::100";
    private static final int ANNOUNCED = 0x80 | 0x20; // router, override
    private static final int ANSWERED = 0x80 | 0x40 | 0x20; // and solicited

    private static final List<String> NOTHING = List.of();

    private final Arena arena = Arena.ofShared();
    private final MemoryPort outside = MemoryPort.open(0, "outside", OUTSIDE_HW, 1500);
    private final MemoryPort inside = MemoryPort.open(1, "inside", INSIDE_HW, 1500);
    private final Ownership ownership = new Ownership(0);
    private final AddressGroup group =
            new AddressGroup(
                    List.of(
                            Member.of(Lan.inet(VIP), outside),
                            Member.of(Lan.inet(GATEWAY), inside)),
                    List.of(outside, inside),
                    ownership,
                    new ScratchFrames(arena, 8));
    private final long buffer = arena.allocate(256, 8).address();
    private long nowNs = 1000 * MS;

    @AfterEach
    void close() {
        outside.close();
        inside.close();
        arena.close();
    }

    private DiscoveryTest owning() {
        ownership.leaseUntil(nowNs + 3_600_000 * MS);
        group.take(nowNs);
        sent();
        return this;
    }

    /** What the group sends when it hears a frame, each as "port: hexadecimal". */
    private List<String> receive(MemoryPort port, byte[] frame) {
        for (int i = 0; i < frame.length; i++) {
            Memory.putByte(buffer + i, frame[i]);
        }
        group.onNeighbour(port, buffer, frame.length, nowNs);
        outside.flush();
        inside.flush();
        return sent();
    }

    private List<String> sent() {
        List<String> all = new ArrayList<>();
        for (MemoryPort port : List.of(outside, inside)) {
            for (byte[] frame : port.takeSent()) {
                all.add(text(port, Arrays.copyOfRange(frame, 10, frame.length)));
            }
        }
        return all;
    }

    private static String text(MemoryPort port, byte[] frame) {
        return port.name() + ": " + HexFormat.of().formatHex(frame);
    }

    /** A frame that the group hears on its first port while it owns, and what it answers there. */
    static final class Case {
        private final String name;
        private final byte[] heard;
        private final byte[][] answers;

        Case(String name, byte[] heard, byte[]... answers) {
            this.name = name;
            this.heard = heard;
            this.answers = answers;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> heard() {
        byte[] advertisement = TestNdp.advertisement(OUTSIDE_HW, VIP, ANSWERED, HOST_HW, HOST);
        byte[] solicitation = TestNdp.solicitation(HOST_HW, HOST, VIP);
        byte[] otherHardware = TestNdp.solicitation(HOST_HW, HOST, VIP);
        otherHardware[11] = 0x77; // a bridge that puts its own address in front
        byte[] groupHardware = solicitation.clone();
        groupHardware[80] = 0x33;
        byte[] broadcastSender = TestNdp.unicastSolicitation(OUTSIDE_HW, HOST_HW, HOST, VIP);
        Arrays.fill(broadcastSender, 6, 12, (byte) 0xFF);
        byte[] hopLimit = solicitation.clone();
        hopLimit[21] = (byte) 254;
        byte[] code = solicitation.clone();
        code[55] = 1;
        byte[] checksum = solicitation.clone();
        checksum[56] ^= 1;
        byte[] option = solicitation.clone();
        option[79] = 0;
        byte[] longOption = solicitation.clone();
        longOption[79] = 2;
        byte[] probeWithOption = TestNdp.solicitation(HOST_HW, "::", VIP);
        byte[] redirect = solicitation.clone();
        redirect[54] = (byte) 137;
        return Stream.of(
                new Case("asked of the group", solicitation, advertisement),
                new Case(
                        "asked of us alone, without an option",
                        TestNdp.unicastSolicitation(OUTSIDE_HW, HOST_HW, HOST, VIP),
                        advertisement),
                new Case("goes to whom the option names", otherHardware, advertisement),
                new Case(
                        "somebody probes: defended before everybody",
                        TestNdp.probe(HOST_HW, VIP),
                        TestNdp.announcement(OUTSIDE_HW, VIP, ANNOUNCED)),
                new Case("another's", TestNdp.solicitation(HOST_HW, HOST, "2001:db8:1::101")),
                new Case("ours, but on another port", TestNdp.solicitation(HOST_HW, HOST, GATEWAY)),
                new Case("to a group's hardware", TestNdp.withChecksum(groupHardware)),
                new Case("from a group's hardware", broadcastSender),
                new Case("routed here", hopLimit),
                new Case("code", TestNdp.withChecksum(code)),
                new Case("wrong checksum", checksum),
                new Case("option without length", TestNdp.withChecksum(option)),
                new Case("option beyond the end", TestNdp.withChecksum(longOption)),
                new Case("probe with a hardware address", probeWithOption),
                new Case("from a group", TestNdp.solicitation(HOST_HW, "ff02::5", VIP)),
                new Case("redirect", TestNdp.withChecksum(redirect)),
                new Case("our own probe", TestNdp.probe(OUTSIDE_HW, VIP)),
                new Case(
                        "another's advertisement", TestNdp.announcement(HOST_HW, HOST, ANNOUNCED)));
    }

    @ParameterizedTest
    @MethodSource("heard")
    void shouldAnswerWhatIsForIt(Case heard) {
        owning();
        List<String> expected =
                Arrays.stream(heard.answers).map(answer -> text(outside, answer)).toList();
        assertEquals(expected, receive(outside, heard.heard));
        assertEquals(0, group.conflicts());
    }

    @ParameterizedTest
    @MethodSource("heard")
    void shouldStaySilentWithoutLease(Case heard) {
        assertEquals(NOTHING, receive(outside, heard.heard), "never took them");
        owning();
        ownership.leaseUntil(nowNs + 10);
        nowNs += 10;
        assertEquals(NOTHING, receive(outside, heard.heard), "lease ran out");
        ownership.leaseUntil(nowNs + 1000 * MS);
        group.release(nowNs, 500 * MS);
        assertEquals(NOTHING, receive(outside, heard.heard), "draining");
    }

    @Test
    void shouldStaySilentWhenFrameIsCutAnywhereWhateverLiesBehindIt() {
        owning();
        for (byte[] whole :
                List.of(
                        TestNdp.solicitation(HOST_HW, HOST, VIP),
                        TestNdp.probe(HOST_HW, VIP),
                        TestNdp.announcement(OTHER_HW, VIP, 0))) {
            Memory.fill(buffer, 256, 0);
            for (int i = 0; i < whole.length; i++) {
                Memory.putByte(buffer + i, whole[i]);
            }
            for (int length = 0; length < whole.length; length++) {
                group.onNeighbour(outside, buffer, length, nowNs);
            }
        }
        outside.flush();
        assertEquals(NOTHING, sent());
        assertEquals(0, group.conflicts());
    }

    /** Whatever is changed in a frame, the bytes behind its end make no difference. */
    @Test
    void shouldNotLookBehindTheEndOfHostileFrames() {
        SplittableRandom random = new SplittableRandom(11);
        byte[] whole = TestNdp.solicitation(HOST_HW, HOST, VIP);
        owning();
        for (int round = 0; round < 50_000; round++) {
            byte[] frame = whole.clone();
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                int at = random.nextInt(12, frame.length);
                frame[at] = (byte) random.nextInt();
            }
            if (random.nextBoolean()) {
                TestNdp.withChecksum(frame);
            }
            Memory.fill(buffer, 256, 0x00);
            List<String> first = receive(outside, frame);
            Memory.fill(buffer, 256, 0xFF);
            assertEquals(first, receive(outside, frame));
        }
    }

    @Test
    void shouldAnnounceAtOnceAndThenAsScheduled() {
        ownership.leaseUntil(nowNs + 3_600_000 * MS);
        List<Long> times = new ArrayList<>();
        long start = nowNs;
        group.take(start);
        for (long ms = 0; ms <= 130_000; ms++) {
            group.doWork(start + ms * MS);
            List<String> sent = sent();
            if (!sent.isEmpty()) {
                times.add(ms);
                assertEquals(
                        List.of(
                                text(outside, TestNdp.announcement(OUTSIDE_HW, VIP, ANNOUNCED)),
                                text(inside, TestNdp.announcement(INSIDE_HW, GATEWAY, ANNOUNCED))),
                        sent);
            }
        }
        assertEquals(List.of(0L, 100L, 500L, 1000L, 2000L, 5000L, 65_000L, 125_000L), times);
    }

    @Test
    void shouldCountAndDefendWhenSomebodyElseClaimsTheAddress() {
        owning();
        nowNs += 6000 * MS;
        group.doWork(nowNs);
        sent();
        receive(outside, TestNdp.announcement(OTHER_HW, VIP, 0x20));
        receive(outside, TestNdp.solicitation(OTHER_HW, VIP, HOST)); // asks from our address
        assertEquals(2, group.conflicts());
        group.doWork(nowNs);
        assertEquals(
                text(outside, TestNdp.announcement(OUTSIDE_HW, VIP, ANNOUNCED)), sent().getFirst());
        receive(outside, TestNdp.announcement(OUTSIDE_HW, VIP, 0x20)); // our own, come back
        receive(outside, TestNdp.announcement(OTHER_HW, GATEWAY, 0x20)); // that link's own
        assertEquals(2, group.conflicts());
        receive(inside, TestNdp.announcement(OTHER_HW, GATEWAY, 0x20));
        assertEquals(3, group.conflicts());
    }

    @Test
    void shouldNotDefendWhatItDoesNotOwn() {
        assertEquals(NOTHING, receive(outside, TestNdp.announcement(OTHER_HW, VIP, 0x20)));
        group.doWork(nowNs);
        assertEquals(NOTHING, sent());
        assertEquals(0, group.conflicts());
    }

    @Test
    void shouldProbeThreeTimesAndReportWhoAnswered() {
        CompletableFuture<String> result = new CompletableFuture<>();
        group.probe(nowNs, 90 * MS, result);
        List<Integer> times = new ArrayList<>();
        for (int ms = 0; ms < 90; ms++) {
            group.doWork(nowNs + ms * MS);
            List<String> sent = sent();
            if (!sent.isEmpty()) {
                times.add(ms);
                assertEquals(text(outside, TestNdp.probe(OUTSIDE_HW, VIP)), sent.getFirst());
            }
        }
        receive(outside, TestNdp.announcement(OTHER_HW, VIP, 0x20));
        receive(outside, TestNdp.announcement(OTHER_HW, VIP, 0x20));
        receive(inside, TestNdp.probe(HOST_HW, GATEWAY));
        receive(outside, TestNdp.probe(OUTSIDE_HW, VIP));
        assertFalse(result.isDone());
        group.doWork(nowNs + 90 * MS);
        assertEquals(List.of(0, 30, 60), times);
        assertEquals(
                VIP
                        + " is claimed by 02:00:00:00:00:bb on outside; "
                        + GATEWAY
                        + " is probed for by 02:00:00:00:01:01 on inside",
                result.join());
    }

    @Test
    void shouldKnowItsAddressesAndWhoSpeaksOnAPort() {
        assertTrue(group.contains(Lan.high(VIP), Lan.low(VIP)));
        assertTrue(group.contains(Lan.high(GATEWAY), Lan.low(GATEWAY)));
        assertFalse(group.contains(Lan.high(VIP), Lan.low(GATEWAY)));
        assertFalse(group.contains(Lan.address("0.171.1.0")));
        assertEquals(Lan.high(GATEWAY), group.speakerHigh(inside));
        assertEquals(Lan.low(GATEWAY), group.speakerLow(inside));
        assertEquals(0, group.addressOn(inside));
        assertArrayEquals(
                new String[] {VIP, GATEWAY},
                group.members().stream().map(Member::text).toArray(String[]::new));
    }
}
