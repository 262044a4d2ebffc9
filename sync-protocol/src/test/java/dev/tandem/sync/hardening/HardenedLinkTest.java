package dev.tandem.sync.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.hardening.HardeningConfig.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Senders and receivers on one wire, without tables. */
class HardenedLinkTest {
    private final SimulatedWire wire = new SimulatedWire(1, 1);
    private final SimulatedTime time = new SimulatedTime(wire);
    private final LinkNode a = time.add(new LinkNode(wire.open(), Keys.enforce(1)));
    private final LinkNode b = time.add(new LinkNode(wire.open(), Keys.enforce(1)));

    @Test
    void shouldTakeMessagesWhenTheSenderHasProvenThatItLives() {
        a.own(1);
        time.runMs(20);
        assertEquals(1, b.status().provenSenders());
        a.say(41);
        a.say(42);
        time.runMs(20);

        assertEquals(List.of(41, 42), b.heard);
        assertEquals(0, b.status().lagMs());
    }

    @Test
    void shouldHaveARoundFromASenderThatIsNew() {
        a.own(1);
        time.runMs(50);

        assertEquals(1, b.roundsBegan);
        assertEquals(1, b.roundsEnded);
        assertEquals(1, b.status().roundsTaken());
        time.runMs(2000);
        assertEquals(1, b.roundsBegan, "one is enough");
    }

    @Test
    void shouldNoticeTheLossOfTheLastMessageSoon() {
        a.own(1);
        time.runMs(500);
        wire.cut(true);
        a.say(7);
        time.runMs(1);
        wire.cut(false);
        time.runMs(20);

        assertEquals(List.of(7), b.heard);
        assertEquals(1, b.status().repaired());
    }

    @Test
    void shouldAskForARoundWhenMoreIsMissingThanTheSenderKeeps() {
        a.own(1);
        time.runMs(500);
        wire.cut(true);
        for (int i = 0; i < 3000; i++) {
            a.say(i);
        }
        time.runMs(5000);
        wire.cut(false);
        time.runMs(500);
        a.say(9999);
        time.runMs(20);

        assertEquals(2, b.roundsEnded);
        assertEquals(List.of(9999), b.heard.subList(b.heard.size() - 1, b.heard.size()));
        assertEquals(0, b.status().lagMs());
        assertTrue(b.status().lost() >= 3000 - 1024, b.status().toString());
    }

    @Test
    void shouldRefuseTheMasterThatAnotherHasFollowed() {
        LinkNode c = time.add(new LinkNode(wire.open(), Keys.enforce(1)));
        a.own(1);
        time.runMs(50);
        c.own(2);
        time.runMs(50);
        a.say(1);
        c.say(2);
        time.runMs(50);

        assertEquals(List.of(2), b.heard);
        assertTrue(b.refused(Refusal.STALE_EPOCH) > 0);
        assertTrue(c.refused(Refusal.STALE_EPOCH) > 0);
        assertTrue(a.refused(Refusal.OTHER_MASTER) > 0);
        assertEquals(2, b.link.peerEpoch());
    }

    @Test
    void shouldGiveWhatIsHeldBackToABackupThatBecomesMaster() {
        a.own(1);
        time.runMs(500);
        wire.cut(true);
        a.say(1);
        wire.cut(false);
        a.say(2);
        a.port.unplugged = true;
        time.runMs(5);
        assertEquals(List.of(), b.heard);

        b.link.giveUpGaps();
        b.turn(time.nowNs());
        assertEquals(List.of(2), b.heard);
    }

    @Test
    void shouldTakePlainMessagesInPermissiveModeOnly() {
        LinkNode c =
                time.add(
                        new LinkNode(
                                wire.open(), new HardeningConfig(Mode.PERMISSIVE, Keys.keys(1))));
        wire.inject(LinkNode.plain(5));
        time.runMs(5);

        assertEquals(List.of(5), c.heard);
        assertEquals(1, c.status().plain());
        assertEquals(List.of(), b.heard);
        assertEquals(1, b.refused(Refusal.NO_TRAILER));
    }

    @Test
    void shouldChangeKeysUnderTrafficWithoutLosingAMessage() {
        a.own(1);
        time.runMs(100);
        int said = 0;
        List<List<SyncKey>> stages = List.of(Keys.keys(1, 2), Keys.keys(2, 1), Keys.keys(2));
        for (List<SyncKey> stage : stages) {
            for (LinkNode node : List.of(b, a)) {
                node.link.keys(stage);
                for (int i = 0; i < 50; i++) {
                    a.say(said++);
                    time.runMs(1);
                }
            }
        }
        time.runMs(100);

        assertEquals(said, b.heard.size());
        assertEquals(0, b.refused(Refusal.UNKNOWN_KEY));
        assertEquals(0, b.refused(Refusal.BAD_MAC));
        assertEquals(0, a.refused(Refusal.UNKNOWN_KEY));
    }

    @Test
    void shouldServeSeveralReceiversAndStreams() {
        SimulatedWire wide = new SimulatedWire(3, 4);
        SimulatedTime clock = new SimulatedTime(wide);
        LinkNode master = clock.add(new LinkNode(wide.open(), Keys.enforce(1)));
        LinkNode one = clock.add(new LinkNode(wide.open(), Keys.enforce(1)));
        LinkNode two = clock.add(new LinkNode(wide.open(), Keys.enforce(1)));
        wide.disturb(20, 20, 20);
        master.own(1);
        clock.runMs(1000);
        one.heard.clear();
        two.heard.clear();
        for (int i = 0; i < 1000; i++) {
            master.say(i % 4, i);
            clock.runMs(1);
        }
        clock.runMs(500);

        for (LinkNode node : List.of(one, two)) {
            assertEquals(1000, node.heard.size());
            for (int stream = 0; stream < 4; stream++) {
                int which = stream;
                List<Integer> ofStream = node.heard.stream().filter(i -> i % 4 == which).toList();
                assertEquals(ofStream.stream().sorted().toList(), ofStream, "in order");
            }
            assertTrue(node.status().repaired() > 100);
        }
    }

    @Test
    void shouldNeverSendAByteWhenItOnlyListens() {
        LinkNode shadow = time.add(LinkNode.silent(wire.open(), Keys.enforce(1)));
        a.own(1);
        time.runMs(50);
        a.say(1);
        wire.cut(true);
        a.say(2);
        wire.cut(false);
        a.say(3);
        time.runMs(500);

        assertEquals(List.of(1, 3), shadow.heard);
        assertEquals(0, shadow.port.sent());
    }
}
