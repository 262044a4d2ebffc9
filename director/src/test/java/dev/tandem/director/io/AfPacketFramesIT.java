package dev.tandem.director.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two ports, one at each end of a cable: what one sends, frame by frame, the other sees. */
@Tag("netns")
@Timeout(60)
class AfPacketFramesIT {
    private static final int IPV4 = 0x0800;
    private static final int ARP = 0x0806;
    private static final int IPV6 = 0x86DD;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final int SEQUENCE_OFFSET = 40;
    private static final AfPacketPort.RingSlots SLOTS = new AfPacketPort.RingSlots(512, 15);

    private final TestNamespaces namespaces = new TestNamespaces();
    private final Arena arena = Arena.ofShared();
    private String left = "";
    private String right = "";
    private AfPacketPort sender;
    private AfPacketPort receiver;
    private Wakeup wakeup;
    private Poller poller;

    @BeforeEach
    void build() throws Exception {
        left = namespaces.add("l");
        right = namespaces.add("r");
        namespaces.connect(left, "l0", right, "r0");
        sender = TestNamespaces.call(left, () -> AfPacketPort.open("l0", 0, SLOTS));
        receiver = TestNamespaces.call(right, () -> AfPacketPort.open("r0", 0, SLOTS));
        wakeup = new Wakeup();
        poller = Poller.over(wakeup, List.of(receiver));
    }

    @AfterEach
    void remove() {
        poller.close();
        wakeup.close();
        sender.close();
        receiver.close();
        arena.close();
        namespaces.close();
    }

    private long frame(long destination, int etherType, int length, int sequence) {
        long frame = arena.allocate(VnetHeader.LENGTH + length).address() + VnetHeader.LENGTH;
        Memory.putLongBe(frame, destination << 16);
        Memory.putLongBe(frame + 6, sender.hardwareAddress() << 16);
        Memory.putShortBe(frame + 12, etherType);
        Memory.putIntBe(frame + SEQUENCE_OFFSET, sequence);
        return frame;
    }

    private void send(long destination, int etherType, int length, int sequence) {
        sender.enqueue(frame(destination, etherType, length, sequence), length);
        sender.flush();
    }

    private void sendToReceiver(int length, int sequence) {
        send(receiver.hardwareAddress(), IPV4, length, sequence);
    }

    /** Receives that many, and returns their sequence numbers. */
    private List<Integer> receive(int count) {
        List<Integer> sequences = new ArrayList<>();
        while (sequences.size() < count) {
            int n = receiver.receive(64);
            for (int i = 0; i < n; i++) {
                sequences.add(Memory.getIntBe(receiver.frame(i) + SEQUENCE_OFFSET));
            }
            receiver.release(n);
            if (n == 0) {
                int _ = poller.poll(1000);
            }
        }
        return sequences;
    }

    @Test
    void shouldReadTheInterface() {
        assertEquals(
                TestNamespaces.parse(TestNamespaces.hardwareAddress(right, "r0")),
                receiver.hardwareAddress());
        assertEquals(1500, receiver.mtu());
        assertEquals("r0", receiver.name());
    }

    @Test
    void shouldKeepOrderWhenShortAndLongFramesMix() {
        TestNamespaces.in(left, "ip", "link", "set", "l0", "mtu", "9000");
        TestNamespaces.in(right, "ip", "link", "set", "r0", "mtu", "9000");
        for (int round = 0; round < 200; round++) { // more rounds than slots for long frames
            for (int i = 0; i < 10; i++) {
                sendToReceiver((i * 7 + round) % 3 == 0 ? 5000 : 100, i);
            }
            assertEquals(IntStream.range(0, 10).boxed().toList(), receive(10));
        }
    }

    @Test
    void shouldLeaveHeadroomBeforeAnAlignedPacket() {
        for (int i = 0; i < 600; i++) { // once around the ring and more
            sendToReceiver(100, i);
            while (receiver.receive(64) == 0) {
                int _ = poller.poll(1000);
            }
            long frame = receiver.frame(0);
            assertEquals(0, (frame + 14) % 16);
            assertEquals(i, Memory.getIntBe(frame + SEQUENCE_OFFSET));
            Memory.fill(
                    frame - VnetHeader.LENGTH - PacketPort.HEADROOM_BYTES,
                    PacketPort.HEADROOM_BYTES,
                    0xA5);
            assertEquals(100, receiver.length(0));
            receiver.release(1);
        }
    }

    @Test
    void shouldHandOutAgainWhatWasNotReleased() {
        for (int i = 0; i < 4; i++) {
            sendToReceiver(100, i);
        }
        int n = 0;
        while (n < 4) {
            n = receiver.receive(64);
        }
        receiver.release(1);
        assertEquals(List.of(1, 2, 3), receive(3));
    }

    @Test
    void shouldCountWhatIsNotForUs() {
        send(0x0200_0000_0001L, IPV4, 100, 1); // another host's
        send(BROADCAST, IPV4, 100, 2);
        long tagged = frame(receiver.hardwareAddress(), 0x8100, 100, 3);
        Memory.putIntBe(tagged + 14, (5 << 16) | IPV4); // VLAN 5
        sender.enqueue(tagged, 100);
        sender.flush();
        sendToReceiver(100, 4);
        assertEquals(List.of(4), receive(1));
        PortCounters counters = receiver.counters();
        assertEquals(1, counters.received());
        assertEquals(3, counters.receiveNotForUs() + counters.receiveTagged());
        assertEquals(4, sender.counters().sent());
    }

    @Test
    void shouldCountDropsWhenTheRingIsFullAndRecover() {
        for (int i = 0; i < 2000; i++) {
            sendToReceiver(100, i);
        }
        await(() -> receiver.counters().receiveDropped() == 2000 - 512);
        assertEquals(IntStream.range(0, 512).boxed().toList(), receive(512));
        sendToReceiver(100, 7777);
        assertEquals(List.of(7777), receive(1));
        assertEquals(2000 - 512, receiver.counters().receiveDropped());
    }

    @Test
    void shouldReceiveArpApartFromPackets() {
        long buffer = arena.allocate(128).address();
        assertEquals(0, receiver.receiveNeighbour(buffer, 128));
        send(BROADCAST, ARP, 60, 1);
        send(0x0200_0000_0001L, ARP, 60, 2); // for another host
        send(receiver.hardwareAddress(), ARP, 60, 3);
        assertTrue(poller.poll(1000) > 0);
        List<Integer> sequences = new ArrayList<>();
        await(() -> {
            if (receiver.receiveNeighbour(buffer, 128) == 60) {
                sequences.add(Memory.getIntBe(buffer + SEQUENCE_OFFSET));
            }
            return sequences.size() == 2;
        });
        assertEquals(List.of(1, 3), sequences);
        assertEquals(ARP, Memory.getShortBe(buffer + 12));
        assertEquals(0, receiver.receive(64));
    }

    @Test
    void shouldReceiveBothFamiliesEachInItsOrder() {
        for (int i = 0; i < 200; i++) {
            send(receiver.hardwareAddress(), i % 3 == 0 ? IPV6 : IPV4, 100, i);
        }
        List<Integer> received = receive(200);
        assertEquals(
                IntStream.range(0, 200).filter(i -> i % 3 == 0).boxed().toList(),
                received.stream().filter(i -> i % 3 == 0).toList());
        assertEquals(
                IntStream.range(0, 200).filter(i -> i % 3 != 0).boxed().toList(),
                received.stream().filter(i -> i % 3 != 0).toList());
    }

    @Test
    void shouldLeaveEachFamilyItsTurnWhenTheOtherFloods() {
        for (int i = 0; i < 256; i++) {
            send(receiver.hardwareAddress(), IPV4, 100, i);
        }
        send(receiver.hardwareAddress(), IPV6, 100, 7777);
        assertTrue(receive(2 * AfPacketPort.BATCH).contains(7777));
    }

    @Test
    void shouldReceiveNeighbourDiscoveryOfJoinedGroupsEvenWithoutIpv6OnTheInterface()
            throws Exception {
        receiver.joinGroup(0xFF02_0000_0000_0000L, 0x1_FF00_0042L);
        receiver.joinGroup(0xFF02_0000_0000_0000L, 0x1_FF00_0042L);
        String groups = TestNamespaces.in(right, "ip", "maddr", "show", "dev", "r0");
        assertTrue(groups.contains("33:33:ff:00:00:42"), groups);
        long buffer = arena.allocate(256).address();
        for (int type : new int[] {128, 132, 133, 135, 136, 137, 138}) {
            long frame = frame(0x3333_FF00_0042L, IPV6, 86, type);
            Memory.putByte(frame + 20, 58);
            Memory.putByte(frame + 54, type);
            sender.enqueue(frame, 86);
            sender.flush();
        }
        List<Integer> types = new ArrayList<>();
        await(() -> {
            if (receiver.receiveNeighbour(buffer, 256) == 86) {
                types.add(Memory.getByte(buffer + 54));
            }
            return types.size() == 4;
        });
        assertEquals(List.of(133, 135, 136, 137), types);
        assertEquals(0, receiver.receive(64)); // sent to a group
    }

    @Test
    void shouldCountAndGoOnWhenTheLinkGoesDownAndComesBack() {
        TestNamespaces.in(right, "ip", "link", "set", "r0", "down");
        await(() -> poller.poll(0) >= 0 && receiver.counters().linkErrors() == 1);
        assertEquals(0, poller.poll(0)); // the error is cleared, or an idle loop would spin
        assertEquals(0, receiver.receive(64));
        TestNamespaces.in(left, "ip", "link", "set", "l0", "down");
        for (int i = 0; i < 100; i++) {
            sender.enqueue(frame(receiver.hardwareAddress(), IPV4, 100, i), 100);
        }
        sender.flush();
        assertEquals(100, sender.counters().sendFailed());
        assertEquals(Errno.ENETDOWN, sender.counters().lastSendErrno());
        TestNamespaces.in(left, "ip", "link", "set", "l0", "up");
        TestNamespaces.in(right, "ip", "link", "set", "r0", "up");
        await(() -> {
            sendToReceiver(100, 5);
            return receiver.receive(64) > 0;
        });
    }

    @Test
    void shouldCountWhenTheInterfaceVanishes() {
        TestNamespaces.in(left, "ip", "link", "del", "l0");
        await(() -> poller.poll(0) >= 0 && receiver.counters().linkErrors() > 0);
        assertEquals(0, receiver.receive(64));
        sendToReceiver(100, 1);
        assertEquals(1, sender.counters().sendFailed());
        assertEquals(Errno.ENXIO, sender.counters().lastSendErrno());
        assertEquals(0, receiver.receiveNeighbour(0, 0));
    }

    @Test
    void shouldRefuseWhatIsNoEthernetInterface() {
        for (String name : List.of("lo", "nothing", "a-name-that-is-too-long")) {
            IOException e =
                    assertThrows(
                            IOException.class,
                            () -> TestNamespaces.call(right, () -> AfPacketPort.open(name, 0)));
            assertTrue(String.valueOf(e.getMessage()).contains(name), e.toString());
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "time is up");
            Thread.onSpinWait();
        }
    }
}
