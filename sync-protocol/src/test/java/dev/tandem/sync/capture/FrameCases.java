package dev.tandem.sync.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frame in, verdict and datagram out. */
class FrameCases {
    private static final String A = "10.98.0.11";
    private static final String GROUP = "224.0.0.81";
    private static final String A6 = "fd98::11";
    private static final String GROUP6 = "ff02::81";
    private static final byte[] PAYLOAD = Frames.payload(101);
    private static final byte[] UDP4 = Frames.udp(A, GROUP, 40_000, 8848, PAYLOAD);
    private static final byte[] UDP6 = Frames.udp(A6, GROUP6, 40_000, 8848, PAYLOAD);
    private static final byte[] IP4 = Frames.ipv4(A, GROUP, UDP4);
    private static final byte[] IP6 = Frames.ipv6(A6, GROUP6, UDP6);
    private static final long TIME = 1_795_218_097_438_766_883L;

    private final List<String> seen = new ArrayList<>();
    private final List<FrameVerdict> faults = new ArrayList<>();
    private byte[] last = {};
    private UdpChecksum checksum = UdpChecksum.BAD;
    private final DatagramHandler handler =
            new DatagramHandler() {
                @Override
                public void onDatagram(CapturedDatagram d) {
                    seen.add(
                            "%s:%d > %s:%d ttl %d"
                                    .formatted(
                                            d.source().getHostAddress(),
                                            d.sourcePort(),
                                            d.destination().getHostAddress(),
                                            d.destinationPort(),
                                            d.ttl()));
                    last = new byte[d.payload().remaining()];
                    d.payload().get(last);
                    checksum = d.checksum();
                    assertEquals(TIME, d.timeNs());
                    assertTrue(d.destination().isMulticastAddress());
                }

                @Override
                public void onFault(FrameVerdict fault, CapturedDatagram d) {
                    faults.add(fault);
                }
            };
    private final FrameReader reader = new FrameReader(handler, true);

    record Case(String name, int linkType, ByteBuffer frame, FrameVerdict verdict) {
        Case(String name, int linkType, byte[] frame, FrameVerdict verdict) {
            this(name, linkType, ByteBuffer.wrap(frame), verdict);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        return List.of(
                good("ethernet, IPv4", LinkType.ETHERNET, Frames.ethernet(IP4)),
                good("ethernet, IPv6", LinkType.ETHERNET, Frames.ethernet(IP6)),
                good("one tag", LinkType.ETHERNET, Frames.tagged(IP4, 0x8100)),
                good("tag in tag", LinkType.ETHERNET, Frames.tagged(IP6, 0x88A8, 0x8100)),
                good(
                        "padding to 60 bytes and a check sequence",
                        LinkType.ETHERNET,
                        Arrays.copyOf(Frames.ethernet(IP4), 300)),
                good("cooked", LinkType.LINUX_SLL, Frames.cooked(IP4)),
                good("cooked, second form", LinkType.LINUX_SLL2, Frames.cooked2(IP6)),
                good("raw", LinkType.RAW, IP4),
                good("raw, IPv6", LinkType.RAW_FILE, IP6),
                good("loopback", LinkType.NULL, Frames.join(new byte[] {2, 0, 0, 0}, IP4)),
                good("OpenBSD loopback", LinkType.LOOP, Frames.join(new byte[] {0, 0, 0, 24}, IP6)),
                good("IPv4 options", LinkType.RAW, withOptions(IP4)),
                good(
                        "hop-by-hop and destination options",
                        LinkType.RAW,
                        Frames.ipv6(
                                A6,
                                GROUP6,
                                0,
                                Frames.join(extension(60, 0), extension(17, 1), UDP6))),
                good(
                        "a fragment header on a whole packet",
                        LinkType.RAW,
                        Frames.ipv6(A6, GROUP6, 44, Frames.fragment(17, 9, 0, false, UDP6))),
                new Case(
                        "more tags than anybody stacks",
                        LinkType.ETHERNET,
                        Frames.tagged(IP4, 0x8100, 0x8100, 0x8100, 0x8100, 0x8100),
                        FrameVerdict.NOT_IP),
                new Case("unknown link type", 999, IP4, FrameVerdict.NOT_IP),
                new Case(
                        "ARP",
                        LinkType.ETHERNET,
                        Frames.join(new byte[12], Frames.shorts(0x0806), new byte[28]),
                        FrameVerdict.NOT_IP),
                new Case("empty", LinkType.ETHERNET, new byte[0], FrameVerdict.NOT_IP),
                new Case("link header only", LinkType.NULL, new byte[4], FrameVerdict.NOT_IP),
                new Case(
                        "TCP",
                        LinkType.RAW,
                        Frames.ipv4(A, GROUP, 6, 1, 0, false, new byte[20]),
                        FrameVerdict.NOT_UDP),
                new Case(
                        "ICMPv6",
                        LinkType.RAW,
                        Frames.ipv6(A6, GROUP6, 58, UDP6),
                        FrameVerdict.NOT_UDP),
                new Case("IHL below 5", LinkType.RAW, changed(IP4, 0, 0x44), FrameVerdict.BAD_IP),
                new Case("IP checksum", LinkType.RAW, changed(IP4, 8, 0x77), FrameVerdict.BAD_IP),
                new Case(
                        "IP longer than its frame",
                        LinkType.RAW,
                        Arrays.copyOf(IP4, IP4.length - 1),
                        FrameVerdict.BAD_IP),
                new Case(
                        "IPv6 longer than its frame",
                        LinkType.RAW,
                        Arrays.copyOf(IP6, IP6.length - 1),
                        FrameVerdict.BAD_IP),
                new Case(
                        "an extension past the packet",
                        LinkType.RAW,
                        Frames.ipv6(A6, GROUP6, 0, new byte[] {17, 1, 0, 0, 0, 0, 0, 0}),
                        FrameVerdict.BAD_IP),
                new Case(
                        "UDP length below 8",
                        LinkType.RAW,
                        Frames.ipv4(A, GROUP, changed(UDP4, 5, 7)),
                        FrameVerdict.BAD_UDP_LENGTH),
                new Case(
                        "UDP length past the packet",
                        LinkType.RAW,
                        Frames.ipv4(A, GROUP, changed(UDP4, 5, UDP4.length + 1)),
                        FrameVerdict.BAD_UDP_LENGTH),
                new Case(
                        "no room for a UDP header",
                        LinkType.RAW,
                        Frames.ipv4(A, GROUP, new byte[7]),
                        FrameVerdict.BAD_UDP_LENGTH),
                new Case(
                        "UDP checksum",
                        LinkType.RAW,
                        Frames.ipv4(A, GROUP, changed(UDP4, 20, 0x55)),
                        FrameVerdict.BAD_CHECKSUM),
                new Case(
                        "IPv6 without UDP checksum",
                        LinkType.RAW,
                        Frames.ipv6(A6, GROUP6, changed(changed(UDP6, 6, 0), 7, 0)),
                        FrameVerdict.BAD_CHECKSUM));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldJudge(Case row) {
        assertEquals(row.verdict, reader.read(row.frame, row.frame.limit(), row.linkType, TIME));
        assertEquals(1, reader.counters().of(row.verdict));
        assertEquals(1, reader.counters().frames());
        if (row.verdict == FrameVerdict.DATAGRAM) {
            assertEquals(1, seen.size());
            assertTrue(
                    seen.getFirst().equals("10.98.0.11:40000 > 224.0.0.81:8848 ttl 1")
                            || seen.getFirst()
                                    .equals(
                                            "fd98:0:0:0:0:0:0:11:40000 >"
                                                    + " ff02:0:0:0:0:0:0:81:8848 ttl 1"),
                    seen::toString);
            assertArrayEquals(PAYLOAD, last);
            assertEquals(UdpChecksum.GOOD, checksum);
        } else {
            assertEquals(List.of(), seen);
        }
    }

    @Test
    void shouldTakeChecksumsThatWereLeftToTheCard() {
        int pseudo = Frames.fold(Frames.pseudoSum(A, GROUP, UDP4.length));
        byte[] datagram = UDP4.clone();
        Frames.putShort(datagram, 6, pseudo);
        assertEquals(FrameVerdict.DATAGRAM, readIp(Frames.ipv4(A, GROUP, datagram)));
        assertEquals(UdpChecksum.OFFLOADED, checksum);
        Frames.putShort(datagram, 6, pseudo + 1);
        assertEquals(FrameVerdict.BAD_CHECKSUM, readIp(Frames.ipv4(A, GROUP, datagram)));
        Frames.putShort(datagram, 6, 0);
        assertEquals(FrameVerdict.DATAGRAM, readIp(Frames.ipv4(A, GROUP, datagram)));
        assertEquals(UdpChecksum.ABSENT, checksum);
    }

    @Test
    void shouldTakeBadChecksumsWhenAskedTo() {
        FrameReader lenient = new FrameReader(handler, false);
        byte[] packet = Frames.ipv4(A, GROUP, changed(UDP4, 20, 0x55));
        assertEquals(
                FrameVerdict.DATAGRAM,
                lenient.read(ByteBuffer.wrap(packet), packet.length, LinkType.RAW, TIME));
        assertEquals(UdpChecksum.BAD, checksum);
    }

    /** Whatever is missing at a frame's end, it is said to be cut, never taken for bad. */
    @Test
    void shouldTellACutFrameFromABadOne() {
        for (byte[] packet : List.of(IP4, IP6)) {
            byte[] frame = Frames.ethernet(packet);
            for (int length = 15; length < frame.length; length++) {
                assertEquals(
                        FrameVerdict.CUT,
                        read(Arrays.copyOf(frame, length), frame.length, LinkType.ETHERNET),
                        "cut to " + length);
            }
        }
        assertEquals(List.of(), seen);
    }

    @Test
    void shouldPutTheLongestDatagramTogether() {
        byte[] payload = Frames.payload(65_507);
        List<byte[]> packets =
                Frames.fragments(A, GROUP, 7, Frames.udp(A, GROUP, 40_000, 8848, payload), 1480);
        assertEquals(45, packets.size());
        Collections.shuffle(packets, new Random(3));
        for (byte[] packet : packets.subList(1, 45)) {
            assertEquals(FrameVerdict.FRAGMENT, readIp(packet));
        }
        assertEquals(FrameVerdict.DATAGRAM, readIp(packets.getFirst()));
        assertArrayEquals(payload, last);
        assertEquals(List.of("10.98.0.11:40000 > 224.0.0.81:8848 ttl 1"), seen);
    }

    @Test
    void shouldPutIpv6FragmentsTogether() {
        byte[] carried = Frames.join(extension(17, 0), UDP6);
        byte[] first = Frames.fragment(60, 77, 0, true, Arrays.copyOf(carried, 48));
        byte[] second =
                Frames.fragment(60, 77, 48, false, Arrays.copyOfRange(carried, 48, carried.length));
        assertEquals(FrameVerdict.FRAGMENT, readIp(Frames.ipv6(A6, GROUP6, 44, second)));
        assertEquals(FrameVerdict.DATAGRAM, readIp(Frames.ipv6(A6, GROUP6, 44, first)));
        assertArrayEquals(PAYLOAD, last);
    }

    @Test
    void shouldKeepDatagramsOfDifferentSendersApart() {
        String other = "10.98.0.13";
        byte[] payload = Frames.payload(3000);
        List<byte[]> ours =
                Frames.fragments(A, GROUP, 7, Frames.udp(A, GROUP, 1, 8848, payload), 1480);
        byte[] foreign = Frames.udp(other, GROUP, 2, 8848, payload);
        List<byte[]> theirs = Frames.fragments(other, GROUP, 7, foreign, 1480);
        for (int i = 0; i < ours.size(); i++) {
            FrameVerdict _ = readIp(ours.get(i));
            FrameVerdict _ = readIp(theirs.get(i));
        }
        assertEquals(
                List.of(
                        "10.98.0.11:1 > 224.0.0.81:8848 ttl 1",
                        "10.98.0.13:2 > 224.0.0.81:8848 ttl 1"),
                seen);
    }

    @Test
    void shouldIgnoreAFragmentThatIsThereAlready() {
        List<byte[]> packets = Frames.fragments(A, GROUP, 7, UDP4, 56);
        assertEquals(FrameVerdict.FRAGMENT, readIp(packets.getFirst()));
        assertEquals(FrameVerdict.BAD_FRAGMENT, readIp(packets.getFirst()));
        assertEquals(FrameVerdict.DATAGRAM, readIp(packets.get(1)));
        assertArrayEquals(PAYLOAD, last);
    }

    @Test
    void shouldDropADatagramWhoseFragmentsOverlap() {
        assertEquals(FrameVerdict.FRAGMENT, readIp(part(0, true, 56)));
        assertEquals(FrameVerdict.OVERLAP, readIp(part(48, true, 56)));
        // the rest begins a new datagram that never ends
        assertEquals(FrameVerdict.FRAGMENT, readIp(part(56, false, 53)));
        reader.finish();
        assertEquals(List.of(FrameVerdict.OVERLAP, FrameVerdict.INCOMPLETE), faults);
        assertEquals(List.of(), seen);
    }

    @Test
    void shouldDropADatagramWithTwoEnds() {
        assertEquals(FrameVerdict.FRAGMENT, readIp(part(56, false, 53)));
        assertEquals(FrameVerdict.OVERLAP, readIp(part(112, true, 8)));
        assertEquals(FrameVerdict.FRAGMENT, readIp(part(112, true, 8)));
        assertEquals(FrameVerdict.OVERLAP, readIp(part(56, false, 53)));
    }

    @Test
    void shouldRefuseImpossibleFragments() {
        assertEquals(FrameVerdict.BAD_FRAGMENT, readIp(part(0, true, 55)));
        assertEquals(FrameVerdict.BAD_FRAGMENT, readIp(part(8, true, 0)));
        assertEquals(FrameVerdict.BAD_FRAGMENT, readIp(part(65_528, false, 8)));
        reader.finish();
        assertEquals(0, reader.counters().of(FrameVerdict.INCOMPLETE));
    }

    @Test
    void shouldGiveUpWhatDoesNotComeInTime() {
        List<byte[]> packets = Frames.fragments(A, GROUP, 7, UDP4, 56);
        assertEquals(FrameVerdict.FRAGMENT, readIp(packets.getFirst(), TIME - 30_000_000_001L));
        assertEquals(FrameVerdict.FRAGMENT, readIp(packets.get(1)));
        assertEquals(List.of(FrameVerdict.INCOMPLETE), faults);
        assertEquals(FrameVerdict.DATAGRAM, readIp(packets.getFirst()));
        assertEquals(1, reader.counters().of(FrameVerdict.INCOMPLETE));
        assertEquals(3, reader.counters().frames());
    }

    @Test
    void shouldMakeRoomForNewDatagramsByTheOldest() {
        List<String> lost = new ArrayList<>();
        FrameReader small =
                new FrameReader(
                        new DatagramHandler() {
                            @Override
                            public void onDatagram(CapturedDatagram d) {
                                last = new byte[d.payload().remaining()];
                            }

                            @Override
                            public void onFault(FrameVerdict fault, CapturedDatagram d) {
                                lost.add(fault + " to port " + d.destinationPort());
                            }
                        },
                        true);
        Consumer<byte[]> feed =
                packet -> {
                    FrameVerdict _ =
                            small.read(
                                    ByteBuffer.wrap(packet),
                                    packet.length,
                                    LinkType.RAW,
                                    TIME + lost.size());
                };
        for (int id = 0; id <= Reassembly.SLOTS; id++) {
            byte[] datagram = Frames.udp(A, GROUP, 1, 8848 + id, PAYLOAD);
            feed.accept(Frames.fragments(A, GROUP, id, datagram, 56).getFirst());
        }
        assertEquals(List.of("INCOMPLETE to port 8848"), lost);
        byte[] second = Frames.udp(A, GROUP, 1, 8849, PAYLOAD);
        feed.accept(Frames.fragments(A, GROUP, 1, second, 56).get(1));
        assertEquals(PAYLOAD.length, last.length);
        small.finish();
        assertEquals(Reassembly.SLOTS, lost.size());
    }

    private static Case good(String name, int linkType, byte[] frame) {
        return new Case(name, linkType, frame, FrameVerdict.DATAGRAM);
    }

    private static byte[] part(int offset, boolean more, int length) {
        return Frames.ipv4(A, GROUP, 17, 7, offset, more, new byte[length]);
    }

    /** An extension header of 8 * (length + 1) bytes. */
    private static byte[] extension(int next, int length) {
        byte[] header = new byte[8 * (length + 1)];
        header[0] = (byte) next;
        header[1] = (byte) length;
        return header;
    }

    private static byte[] withOptions(byte[] packet) {
        byte[] header = Arrays.copyOf(packet, 24);
        header[0] = 0x46;
        header[20] = 1;
        header[21] = 1;
        header[22] = 1;
        header[23] = 0;
        Frames.putShort(header, 2, packet.length + 4);
        // the header's sum grows by the version's step, the length and the options
        Frames.putShort(
                header,
                10,
                ~Frames.fold(
                        (0xFFFF & ~(((header[10] & 0xFF) << 8) | (header[11] & 0xFF)))
                                + 0x0100
                                + 4
                                + 0x0101
                                + 0x0100));
        return Frames.join(header, Arrays.copyOfRange(packet, 20, packet.length));
    }

    private static byte[] changed(byte[] bytes, int at, int value) {
        byte[] copy = bytes.clone();
        copy[at] = (byte) value;
        return copy;
    }

    private FrameVerdict readIp(byte[] packet) {
        return readIp(packet, TIME);
    }

    private FrameVerdict readIp(byte[] packet, long timeNs) {
        return reader.read(ByteBuffer.wrap(packet), packet.length, LinkType.RAW, timeNs);
    }

    private FrameVerdict read(byte[] frame, int originalLength, int linkType) {
        return reader.read(ByteBuffer.wrap(frame), originalLength, linkType, TIME);
    }
}
