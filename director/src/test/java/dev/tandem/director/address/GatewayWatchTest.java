package dev.tandem.director.address;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.MemoryPort;
import dev.tandem.director.packet.ScratchFrames;
import dev.tandem.director.testing.Lan;
import dev.tandem.director.testing.TestArp;
import dev.tandem.director.testing.TestNdp;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked of a gateway and what counts as its answer, in time that the test passes. */
class GatewayWatchTest {
    private static final long MS = 1_000_000;
    private static final long OWN_HW = 0x020000000100L;
    private static final long GATEWAY_HW = 0x020000000101L;
    private static final long OTHER_HW = 0x0200000000BBL;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final String OWN = "10.77.1.1";
    private static final String GATEWAY = "10.77.1.254";
    private static final String OWN6 = "2001:db8:1::1";
    private static final String GATEWAY6 = "2001:db8:1::ab:fe";
    private static final int SOLICITED = 0x40;

    private final Arena arena = Arena.ofShared();
    private final MemoryPort port = MemoryPort.open(0, "outside", OWN_HW, 1500);
    private final MemoryPort elsewhere = MemoryPort.open(1, "inside", OWN_HW, 1500);
    private final long buffer = arena.allocate(256, 8).address();
    private long nowNs = Long.MAX_VALUE - 60 * MS;

    @AfterEach
    void close() {
        port.close();
        elsewhere.close();
        arena.close();
    }

    private GatewayWatch watch(String gateway, String own) {
        return new GatewayWatch(
                Member.of(Lan.inet(gateway), port),
                Member.of(Lan.inet(own), port),
                50 * MS,
                new ScratchFrames(arena, 1),
                nowNs);
    }

    private void hears(GatewayWatch watch, MemoryPort on, byte[] frame) {
        for (int i = 0; i < frame.length; i++) {
            Memory.putByte(buffer + i, frame[i]);
        }
        watch.onNeighbour(on, buffer, frame.length);
    }

    /** The one frame that it sends now. */
    private byte[] asks(GatewayWatch watch) {
        assertEquals(1, watch.doWork(nowNs));
        List<byte[]> sent = port.takeSent();
        assertEquals(1, sent.size());
        return Arrays.copyOfRange(sent.getFirst(), 10, sent.getFirst().length);
    }

    private static byte[] to(long hardware, byte[] frame) {
        byte[] changed = frame.clone();
        for (int i = 0; i < 6; i++) {
            changed[i] = (byte) (hardware >>> (40 - 8 * i));
        }
        return changed;
    }

    @Test
    void shouldAskEverybodyUntilItIsAnsweredAndThenTheGatewayAlone() {
        GatewayWatch watch = watch(GATEWAY, OWN);
        byte[] request = TestArp.request(OWN_HW, OWN, GATEWAY);
        assertNull(watch.answeredNs());
        assertArrayEquals(request, asks(watch));
        assertEquals(50 * MS, watch.waitNs(nowNs));
        assertEquals(0, watch.doWork(nowNs + 50 * MS - 1), "not before it is due");

        nowNs += 50 * MS;
        hears(watch, port, TestArp.reply(GATEWAY_HW, GATEWAY, OWN_HW, OWN));
        assertEquals(nowNs - 50 * MS, watch.answeredNs(), "as old as the question");
        assertArrayEquals(to(GATEWAY_HW, request), asks(watch));

        nowNs += 51 * MS;
        assertArrayEquals(request, asks(watch), "another may have its address by now");
        assertEquals(nowNs - 101 * MS, watch.answeredNs());
    }

    @Test
    void shouldBelieveNothingButAnAnswerToItself() {
        GatewayWatch watch = watch(GATEWAY, OWN);
        asks(watch);
        byte[] answer = TestArp.reply(GATEWAY_HW, GATEWAY, OWN_HW, OWN);
        hears(watch, elsewhere, answer);
        hears(watch, port, TestArp.request(GATEWAY_HW, GATEWAY, OWN));
        hears(watch, port, TestArp.reply(GATEWAY_HW, "10.77.1.253", OWN_HW, OWN));
        hears(watch, port, TestArp.reply(GATEWAY_HW, GATEWAY, OTHER_HW, OWN));
        hears(watch, port, TestArp.reply(OWN_HW, GATEWAY, OWN_HW, OWN));
        hears(watch, port, TestArp.reply(BROADCAST, GATEWAY, OWN_HW, OWN));
        for (int length = 0; length < answer.length; length++) {
            hears(watch, port, Arrays.copyOf(answer, length));
        }
        assertNull(watch.answeredNs());

        hears(watch, port, answer);
        assertEquals(nowNs, watch.answeredNs());
    }

    @Test
    void shouldSolicitANeighbourOfIpv6() {
        GatewayWatch watch = watch(GATEWAY6, OWN6);
        assertArrayEquals(TestNdp.solicitation(OWN_HW, OWN6, GATEWAY6), asks(watch));

        byte[] answer = TestNdp.advertisement(GATEWAY_HW, GATEWAY6, SOLICITED, OWN_HW, OWN6);
        hears(watch, port, TestNdp.announcement(GATEWAY_HW, GATEWAY6, 0));
        hears(watch, port, TestNdp.advertisement(GATEWAY_HW, GATEWAY6, 0, OWN_HW, OWN6));
        hears(watch, port, TestNdp.advertisement(GATEWAY_HW, OWN6, SOLICITED, OWN_HW, OWN6));
        hears(watch, port, TestNdp.advertisement(GATEWAY_HW, GATEWAY6, SOLICITED, OTHER_HW, OWN6));
        hears(watch, port, TestNdp.solicitation(GATEWAY_HW, GATEWAY6, OWN6));
        assertNull(watch.answeredNs());

        hears(watch, port, answer);
        assertEquals(nowNs, watch.answeredNs());
        nowNs += 50 * MS;
        byte[] question = asks(watch);
        byte[] toOne = TestNdp.unicastSolicitation(GATEWAY_HW, OWN_HW, OWN6, GATEWAY6);
        assertArrayEquals(
                Arrays.copyOf(toOne, 14), Arrays.copyOf(question, 14), "to the gateway alone");
        assertArrayEquals(Arrays.copyOfRange(toOne, 22, 54), Arrays.copyOfRange(question, 22, 54));
    }
}
