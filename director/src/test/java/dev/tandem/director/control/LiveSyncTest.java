package dev.tandem.director.control;

import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER;
import static dev.tandem.director.testing.PathFixture.SYN;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static dev.tandem.director.testing.PathFixture.fromServer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.testing.Await;
import dev.tandem.director.testing.QueueLink;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sync daemons that are started and stopped by command, on directors that own all the while. */
class LiveSyncTest {
    private static final long HOUR_MS = 3_600_000;
    private static final SyncDaemon MASTER = new SyncDaemon(true, TestDirector.sync());
    private static final SyncDaemon BACKUP = new SyncDaemon(false, TestDirector.sync());

    @Test
    void shouldSyncWhileBothRunAndNoLonger() {
        try (TestDirector one = new TestDirector(Optional.empty());
                TestDirector other = new TestDirector(Optional.empty())) {
            QueueLink sending = new QueueLink();
            QueueLink receiving = new QueueLink();
            QueueLink.join(sending, receiving);
            own(one);
            own(other);
            connect(one, 40001);
            assertTrue(Await.value(one.director.syncDaemons().start(MASTER, sending)));
            assertTrue(Await.value(other.director.syncDaemons().start(BACKUP, receiving)));

            connect(one, 40002);

            Await.until("synced", () -> other.director.vitals().connections() == 1);
            assertTrue(Await.value(one.director.syncDaemons().stop(true)));
            long sent = sending.sent();
            connect(one, 40003);
            assertEquals(sent, sending.sent());
            assertEquals(1, other.director.vitals().connections());
        }
    }

    @Test
    void shouldHaveOneOfEachAtMost() {
        try (TestDirector test = new TestDirector(Optional.empty())) {
            assertTrue(Await.value(test.director.syncDaemons().start(BACKUP, new QueueLink())));
            assertTrue(Await.value(test.director.syncDaemons().start(MASTER, new QueueLink())));
            assertFalse(Await.value(test.director.syncDaemons().start(MASTER, new QueueLink())));
            assertEquals(List.of(MASTER, BACKUP), test.director.syncDaemons().list());
            assertTrue(Await.value(test.director.syncDaemons().stop(false)));
            assertFalse(Await.value(test.director.syncDaemons().stop(false)));
            assertEquals(List.of(MASTER), test.director.syncDaemons().list());
        }
    }

    @Test
    void shouldLeaveConfiguredReplicationAlone() {
        try (TestDirector test = new TestDirector()) {
            assertThrows(
                    IllegalStateException.class,
                    () -> test.director.syncDaemons().start(MASTER, new QueueLink()));
        }
    }

    /** Three packets of a client are what the kernel's rule waits for. */
    private static void connect(TestDirector test, int port) {
        test.outside.inject(fromClient(tcp(CLIENT, port, VIP, 80, SYN, 0)).build());
        packet(test, true);
        test.inside.inject(fromServer(tcp(NAT_SERVER, 8080, CLIENT, port, SYN | ACK, 0)).build());
        packet(test, false);
        for (int i = 0; i < 3; i++) {
            test.outside.inject(fromClient(tcp(CLIENT, port, VIP, 80, ACK, i)).build());
            packet(test, true);
        }
    }

    private static void packet(TestDirector test, boolean inside) {
        Await.until(
                "forwarded",
                () -> !TestDirector.packets(inside ? test.inside : test.outside).isEmpty());
    }

    private static void own(TestDirector test) {
        test.lease(HOUR_MS);
        Await.value(test.director.takeAddresses());
        TestDirector.packets(test.outside);
        TestDirector.packets(test.inside);
    }
}
