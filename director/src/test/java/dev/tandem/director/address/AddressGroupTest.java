package dev.tandem.director.address;

import static dev.tandem.director.testing.PathFixture.GATEWAY;
import static dev.tandem.director.testing.PathFixture.INSIDE_HW;
import static dev.tandem.director.testing.PathFixture.OUTSIDE_HW;
import static dev.tandem.director.testing.PathFixture.VIP;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.io.Memory;
import dev.tandem.director.io.MemoryPort;
import dev.tandem.director.testing.PathFixture;
import dev.tandem.director.testing.TestArp;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** ARP for the group, in time that the test passes. */
class AddressGroupTest {
    private static final long MS = 1_000_000;
    private static final long HOST_HW = 0x020000000101L;
    private static final long OTHER_HW = 0x0200000000BBL;
    private static final String HOST = "10.77.1.1";

    private final PathFixture fixture = new PathFixture();
    private final AddressGroup group = fixture.addresses;
    private final long buffer = Arena.global().allocate(128, 8).address();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void shouldAnswerRequestWhenItOwnsTheAddress() {
        fixture.owning();
        receive(fixture.outside, TestArp.request(HOST_HW, HOST, VIP));

        assertArrayEquals(
                TestArp.reply(OUTSIDE_HW, VIP, HOST_HW, HOST), onlyFrame(fixture.outside));
    }

    @Test
    void shouldDefendItsAddressWhenProbed() {
        fixture.owning();
        receive(fixture.outside, TestArp.probe(HOST_HW, VIP));

        assertArrayEquals(
                TestArp.reply(OUTSIDE_HW, VIP, HOST_HW, "0.0.0.0"), onlyFrame(fixture.outside));
        assertEquals(0, group.conflicts());
    }

    @Test
    void shouldStaySilentWhenRequestIsNotForIt() {
        fixture.owning();
        receive(fixture.outside, TestArp.request(HOST_HW, HOST, "10.77.1.2"));
        receive(fixture.outside, TestArp.request(HOST_HW, HOST, GATEWAY));
        receive(fixture.outside, TestArp.reply(HOST_HW, HOST, OUTSIDE_HW, VIP));
        receive(fixture.outside, TestArp.request(0xFFFF_FFFF_FFFFL, HOST, VIP));

        assertEquals(List.of(), fixture.takeSent());
    }

    @Test
    void shouldStaySilentWhenFrameIsNoArpForIpv4() {
        fixture.owning();
        byte[] request = TestArp.request(HOST_HW, HOST, VIP);
        for (int length = 1; length < request.length; length++) {
            receive(fixture.outside, Arrays.copyOf(request, length));
        }
        for (int offset : new int[] {12, 15, 17, 18, 19, 21}) {
            byte[] broken = request.clone();
            broken[offset] ^= 0x10;
            receive(fixture.outside, broken);
        }

        assertEquals(List.of(), fixture.takeSent());
    }

    @Test
    void shouldNotSpeakInTheTurnInWhichALeaseIsEndedThatHadRunOut() {
        fixture.owning();
        fixture.ownership.leaseUntil(fixture.nowNs);
        group.doWork(fixture.nowNs);
        fixture.takeSent();
        fixture.ownership.endLease();
        receive(fixture.outside, TestArp.request(HOST_HW, HOST, VIP));
        group.doWork(fixture.nowNs);
        assertEquals(List.of(), fixture.takeSent(), "it had been silent before");

        fixture.ownership.leaseUntil(fixture.nowNs + 1000 * MS);
        receive(fixture.outside, TestArp.request(HOST_HW, HOST, VIP));
        assertEquals(1, fixture.takeSent().size(), "a new lease counts");
    }

    @Test
    void shouldStaySilentWhenItDoesNotOwnOrNoLongerMay() {
        receive(fixture.outside, TestArp.request(HOST_HW, HOST, VIP));
        assertEquals(List.of(), fixture.takeSent(), "never took them");

        fixture.owning();
        fixture.ownership.leaseUntil(fixture.nowNs + 10);
        fixture.nowNs += 10;
        receive(fixture.outside, TestArp.request(HOST_HW, HOST, VIP));
        assertEquals(List.of(), fixture.takeSent(), "lease ran out");

        fixture.ownership.leaseUntil(fixture.nowNs + 1000 * MS);
        group.release(fixture.nowNs, 500 * MS);
        receive(fixture.outside, TestArp.request(HOST_HW, HOST, VIP));
        assertEquals(List.of(), fixture.takeSent(), "draining");
    }

    @Test
    void shouldAnnounceAtOnceAndThenAsScheduled() {
        List<Long> times = new ArrayList<>();
        long start = fixture.nowNs;
        group.take(start);
        for (long ms = 0; ms <= 130_000; ms++) {
            group.doWork(start + ms * MS);
            List<PathFixture.Sent> sent = takeSentArp();
            if (!sent.isEmpty()) {
                times.add(ms);
                assertEquals(2, sent.size());
                assertArrayEquals(
                        TestArp.gratuitous(OUTSIDE_HW, VIP), withoutVnet(sent.get(0).frame()));
                assertArrayEquals(
                        TestArp.gratuitous(INSIDE_HW, GATEWAY), withoutVnet(sent.get(1).frame()));
            }
        }

        assertEquals(List.of(0L, 100L, 500L, 1000L, 2000L, 5000L, 65_000L, 125_000L), times);
    }

    /** What was sent of ARP: the group has IPv6 addresses too. */
    private List<PathFixture.Sent> takeSentArp() {
        return fixture.takeSent().stream()
                .filter(sent -> {
                    byte[] frame = withoutVnet(sent.frame());
                    return frame[12] == 0x08 && frame[13] == 0x06;
                })
                .toList();
    }

    @Test
    void shouldWaitExactlyUntilNextAnnouncement() {
        fixture.owning();
        assertEquals(100 * MS, group.waitNs(fixture.nowNs));
        assertEquals(1 * MS, group.waitNs(fixture.nowNs + 99 * MS));
        group.release(fixture.nowNs, 0);
        assertEquals(Long.MAX_VALUE, group.waitNs(fixture.nowNs));
    }

    @Test
    void shouldAnnounceAgainWhenLapsedLeaseIsRenewed() {
        fixture.owning();
        fixture.ownership.leaseUntil(fixture.nowNs + 10);
        fixture.nowNs += 200 * MS;
        group.doWork(fixture.nowNs);
        assertEquals(List.of(), fixture.takeSent());

        fixture.ownership.leaseUntil(fixture.nowNs + 1000 * MS);
        group.doWork(fixture.nowNs);

        assertEquals(2, takeSentArp().size());
    }

    @Test
    void shouldAnnounceOnceASecondWhenSomebodyElseClaimsTheAddress() {
        fixture.owning();
        fixture.nowNs += 6000 * MS;
        group.doWork(fixture.nowNs);
        fixture.takeSent();
        int announcements = 0;
        for (int i = 0; i < 20; i++) {
            receive(fixture.outside, TestArp.gratuitous(OTHER_HW, VIP));
            group.doWork(fixture.nowNs);
            announcements += takeSentArp().size() / 2;
            fixture.nowNs += 100 * MS;
        }

        assertEquals(20, group.conflicts());
        assertEquals(2, announcements);
    }

    @Test
    void shouldNotDefendWhatItDoesNotOwn() {
        receive(fixture.outside, TestArp.gratuitous(OTHER_HW, VIP));
        group.doWork(fixture.nowNs);

        assertEquals(0, group.conflicts());
        assertEquals(List.of(), fixture.takeSent());
    }

    @Test
    void shouldNotTakeItsOwnFramesForAnotherOwner() {
        fixture.owning();
        receive(fixture.outside, TestArp.gratuitous(OUTSIDE_HW, VIP));
        receive(fixture.inside, TestArp.gratuitous(OUTSIDE_HW, VIP));

        assertEquals(0, group.conflicts());
    }

    @Test
    void shouldProbeThreeTimesAndReportWhoAnswered() {
        CompletableFuture<String> result = new CompletableFuture<>();
        group.probe(fixture.nowNs, 90 * MS, result);
        List<Integer> frames = new ArrayList<>();
        for (int ms = 0; ms < 90; ms++) {
            group.doWork(fixture.nowNs + ms * MS);
            List<PathFixture.Sent> sent = takeSentArp();
            if (!sent.isEmpty()) {
                frames.add(ms);
                assertArrayEquals(
                        TestArp.probe(OUTSIDE_HW, VIP), withoutVnet(sent.getFirst().frame()));
            }
        }
        receive(fixture.outside, TestArp.reply(OTHER_HW, VIP, OUTSIDE_HW));
        receive(fixture.outside, TestArp.reply(OTHER_HW, VIP, OUTSIDE_HW));
        receive(fixture.inside, TestArp.probe(HOST_HW, GATEWAY));
        assertFalse(result.isDone());
        group.doWork(fixture.nowNs + 90 * MS);

        assertEquals(List.of(0, 30, 60), frames);
        assertEquals(
                VIP
                        + " is claimed by 02:00:00:00:00:bb on outside; "
                        + GATEWAY
                        + " is probed for by 02:00:00:00:01:01 on inside",
                result.join());
    }

    @Test
    void shouldReportSilenceWhenNobodyAnswersTheProbe() {
        CompletableFuture<String> result = new CompletableFuture<>();
        group.probe(fixture.nowNs, 90 * MS, result);
        receive(fixture.outside, TestArp.request(HOST_HW, HOST, "10.77.1.2"));
        receive(fixture.outside, TestArp.probe(OUTSIDE_HW, VIP));
        group.doWork(fixture.nowNs + 90 * MS);

        assertTrue(result.isDone());
        assertEquals("", result.join());
    }

    private void receive(MemoryPort port, byte[] frame) {
        for (int i = 0; i < frame.length; i++) {
            Memory.putByte(buffer + i, frame[i]);
        }
        group.onNeighbour(port, buffer, frame.length, fixture.nowNs);
        fixture.egress.flush();
        fixture.scratch.reset();
    }

    private byte[] onlyFrame(MemoryPort port) {
        List<PathFixture.Sent> sent = fixture.takeSent();
        assertEquals(1, sent.size());
        assertEquals(port.name(), sent.getFirst().port().name());
        return withoutVnet(sent.getFirst().frame());
    }

    private static byte[] withoutVnet(byte[] frame) {
        return Arrays.copyOfRange(frame, 10, frame.length);
    }
}
