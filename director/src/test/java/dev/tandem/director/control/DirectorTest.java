package dev.tandem.director.control;

import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.CLIENT_HW;
import static dev.tandem.director.testing.PathFixture.INSIDE_HW;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.OUTSIDE_HW;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static dev.tandem.director.testing.PathFixture.fromServer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.conn.ConnectionFilter;
import dev.tandem.director.conn.ConnectionView;
import dev.tandem.director.io.MemoryPort;
import dev.tandem.director.testing.Await;
import dev.tandem.director.testing.QueueLink;
import dev.tandem.director.testing.TestArp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** A whole director with its worker thread, between memory ports. */
class DirectorTest {
    private static final long HOUR_MS = 3_600_000;

    @Test
    void shouldForwardBothWaysWhenItOwnsTheAddresses() {
        try (TestDirector test = new TestDirector()) {
            own(test);

            test.outside.inject(fromClient(tcp(CLIENT, 40000, VIP, 80, SYN, 0)).build());
            byte[] request = onlyPacket(test.inside);
            test.inside.inject(
                    fromServer(tcp(NAT_SERVER, 8080, CLIENT, 40000, SYN | ACK, 0)).build());
            byte[] reply = onlyPacket(test.outside);

            assertArrayEquals(
                    tcp(CLIENT, 40000, NAT_SERVER, 8080, SYN, 0)
                            .ttl(63)
                            .hardware(INSIDE_HW, NAT_SERVER_HW)
                            .build(),
                    request);
            assertArrayEquals(
                    tcp(VIP, 80, CLIENT, 40000, SYN | ACK, 0)
                            .ttl(63)
                            .hardware(OUTSIDE_HW, CLIENT_HW)
                            .build(),
                    reply);
        }
    }

    @Test
    void shouldTellWhatItDoesWhenAsked() {
        try (TestDirector test = new TestDirector()) {
            own(test);
            for (int port = 40000; port < 40010; port++) {
                test.outside.inject(fromClient(tcp(CLIENT, port, VIP, 80, SYN, 0)).build());
            }
            Await.until("ten connections", () -> test.director.vitals().connections() == 10);
            test.outside.inject(
                    fromClient(tcp(CLIENT, 40010, VIP, 80, SYN, 20).fragmentWord(0x2000)).build());
            Await.until("a fragment", () -> test.director.status().path().fragments() == 1);

            List<ConnectionView> all =
                    Await.value(test.director.connections(ConnectionFilter.ALL, 100));
            List<ConnectionView> few =
                    Await.value(test.director.connections(ConnectionFilter.ALL, 3));
            DirectorStatus status = test.director.status();

            assertEquals(10, all.size());
            assertEquals(3, few.size());
            assertTrue(all.stream().allMatch(view -> view.virtual().equals(VIP + ":80")));
            assertEquals(10, status.connections());
            assertEquals(10, status.path().toServer());
            assertEquals(10, status.services().getFirst().traffic().connections());
            assertEquals(10, status.services().getFirst().servers().getFirst().active());
            assertTrue(status.addresses().stream().allMatch(DirectorStatus.AddressStatus::owned));
            assertEquals("", status.fault());
            assertEquals(0, status.failedTurns());
            assertEquals(Set.of(0L), Set.copyOf(status.helpers().values()));
            assertEquals(Map.of(), status.schedulerFailures());
            assertEquals(Optional.empty(), status.guard());
        }
    }

    @Test
    void shouldSendNothingWhenItNeverTookTheAddresses() {
        try (TestDirector test = new TestDirector()) {
            test.lease(HOUR_MS);
            test.outside.inject(fromClient(tcp(CLIENT, 40000, VIP, 80, SYN, 0)).build());

            Await.until("dropped", () -> dropped(test, "NOT_OWNER") == 1);
            assertEquals(List.of(), test.outside.takeSent());
            assertEquals(List.of(), test.inside.takeSent());
        }
    }

    @Test
    void shouldRefuseToTakeAddressesWithoutLease() {
        try (TestDirector test = new TestDirector()) {
            CompletableFuture<?> taken = test.director.takeAddresses();

            ExecutionException refusal = assertThrows(ExecutionException.class, taken::get);
            assertTrue(refusal.getCause() instanceof IllegalStateException);
            assertEquals(List.of(), test.outside.takeSent());
        }
    }

    @Test
    void shouldFallSilentByItselfWhenLeaseRunsOut() {
        try (TestDirector test = new TestDirector()) {
            test.lease(300);
            Await.value(test.director.takeAddresses());
            Await.until("silent", () -> !test.director.status().addresses().getFirst().owned());
            test.outside.takeSent();

            test.outside.inject(fromClient(tcp(CLIENT, 40000, VIP, 80, SYN, 0)).build());

            Await.until("dropped", () -> dropped(test, "NOT_OWNER") == 1);
            assertEquals(List.of(), test.outside.takeSent());
        }
    }

    @Test
    void shouldLetOldConnectionsDrainWhenAddressesAreReleased() {
        try (TestDirector test = new TestDirector()) {
            own(test);
            test.outside.inject(fromClient(tcp(CLIENT, 40000, VIP, 80, SYN, 0)).build());
            byte[] _ = onlyPacket(test.inside);

            Await.value(test.director.releaseAddresses(HOUR_MS));
            test.outside.inject(fromClient(tcp(CLIENT, 40001, VIP, 80, SYN, 0)).build());
            test.outside.inject(fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 9)).build());
            byte[] _ = onlyPacket(test.inside);
            assertEquals(1, dropped(test, "DRAINING"));
            assertFalse(test.director.status().addresses().getFirst().owned());

            Await.value(test.director.releaseAddresses(0));
            test.outside.inject(fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 9)).build());
            Await.until("dropped", () -> dropped(test, "NOT_OWNER") == 1);
        }
    }

    @Test
    void shouldCarryConnectionsToThePeerWhenFlushed() {
        try (TestDirector master = new TestDirector();
                TestDirector backup = new TestDirector()) {
            QueueLink.join(master.link, backup.link);
            own(master);
            openHundredConnections(master);

            Await.value(master.director.flushSync());
            Await.until("all there", () -> backup.director.vitals().connections() == 100);
            Await.value(master.director.releaseAddresses(0));
            own(backup);
            backup.outside.inject(fromClient(tcp(CLIENT, 40042, VIP, 80, ACK, 5)).build());

            assertArrayEquals(
                    tcp(CLIENT, 40042, NAT_SERVER, 8080, ACK, 5)
                            .ttl(63)
                            .hardware(INSIDE_HW, NAT_SERVER_HW)
                            .build(),
                    onlyPacket(backup.inside));
            assertEquals(100, backup.director.status().sync().orElseThrow().receivedRecords());
        }
    }

    private static void openHundredConnections(TestDirector master) {
        for (int port = 40000; port < 40100; port++) {
            int clientPort = port;
            Await.until(
                    "room",
                    () ->
                            master.outside.inject(
                                    fromClient(tcp(CLIENT, clientPort, VIP, 80, SYN, 0)).build()));
            Await.until(
                    "room",
                    () ->
                            master.outside.inject(
                                    fromClient(tcp(CLIENT, clientPort, VIP, 80, ACK, 0)).build()));
        }
        Await.until("all forwarded", () -> master.director.status().path().toServer() == 200);
    }

    @Test
    void shouldSendThePeerEverythingWhenItJoinsAnew() {
        try (TestDirector master = new TestDirector()) {
            own(master);
            openHundredConnections(master);
            Await.value(master.director.flushSync());
            try (TestDirector restarted = new TestDirector()) {
                QueueLink.join(master.link, restarted.link);
                master.director.peerJoined();

                Await.until("all there", () -> restarted.director.vitals().connections() == 100);
            }
        }
    }

    @Test
    void shouldHearWhoClaimsAddressWhenProbing() {
        try (TestDirector test = new TestDirector()) {
            CompletableFuture<String> probe = test.director.probeAddresses(150);
            Await.until("probed", () -> !test.outside.takeSent().isEmpty());
            test.outside.injectNeighbour(TestArp.reply(0x02000000AAAAL, VIP, OUTSIDE_HW));

            assertEquals(VIP + " is claimed by 02:00:00:00:aa:aa on outside", Await.value(probe));
            assertEquals("", Await.value(test.director.probeAddresses(20)));
        }
    }

    @Test
    void shouldKeepServersResolved() {
        try (TestDirector test = new TestDirector()) {
            assertEquals(3, test.kept.poll().size());
            own(test);
            assertEquals(3, test.kept.poll().size());
        }
    }

    @Test
    void shouldShowProgressWhenIdle() {
        try (TestDirector test = new TestDirector()) {
            long before = test.director.vitals().progress();
            Await.until("progress", () -> test.director.vitals().progress() > before + 10);
        }
    }

    @Test
    void shouldGiveUpAddressesAndSaySoWhenThePacketLoopFails() {
        try (TestDirector test = new TestDirector()) {
            own(test);
            byte[] frame = fromClient(tcp(CLIENT, 40000, VIP, 80, SYN, 0)).build();
            test.lan.broken(true);
            Await.until(
                    "fault",
                    () -> {
                        test.outside.inject(frame);
                        return !test.director.vitals().fault().isEmpty();
                    });
            assertEquals(
                    "the packet loop fails: java.lang.IllegalStateException: broken on purpose",
                    test.director.vitals().fault());
            Await.until("silent", () -> !test.director.status().addresses().getFirst().owned());
            assertTrue(test.director.status().failedTurns() >= 10);

            test.lan.broken(false);
            Await.value(test.director.releaseAddresses(0));
            assertEquals("", test.director.vitals().fault());
            own(test);
            Await.until("worked off", () -> test.outside.counters().received() > 0);
            test.outside.inject(frame);
            Await.until("forwarded", () -> !TestDirector.packets(test.inside).isEmpty());
        }
    }

    @Test
    void shouldEndItsThreadAndRefuseCommandsWhenClosed() {
        TestDirector test = new TestDirector();
        own(test);
        test.close();

        assertThrows(
                ExecutionException.class,
                () -> test.director.connections(ConnectionFilter.ALL, 1).get());
        assertThrows(ExecutionException.class, () -> test.director.takeAddresses().get());
    }

    private static void own(TestDirector test) {
        test.lease(HOUR_MS);
        Await.value(test.director.takeAddresses());
        TestDirector.packets(test.outside);
        TestDirector.packets(test.inside);
    }

    private static long dropped(TestDirector test, String reason) {
        return test.director.status().dropped().getOrDefault(reason, 0L);
    }

    private static byte[] onlyPacket(MemoryPort port) {
        List<byte[]> packets = new ArrayList<>();
        Await.until(
                "a packet on " + port.name(),
                () -> {
                    packets.addAll(TestDirector.packets(port));
                    return !packets.isEmpty();
                });
        assertEquals(1, packets.size());
        return packets.getFirst();
    }
}
