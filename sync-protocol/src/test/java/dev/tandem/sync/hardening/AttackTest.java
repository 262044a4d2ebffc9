package dev.tandem.sync.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.sync.SyncEncoder;
import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.sync.wire.SyncHeaderV1;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Somebody on the wire who hears all and sends what he likes, against a receiver in enforce mode.
 * Nothing of his is ever taken, and each try is counted by the reason of its refusal.
 */
class AttackTest {
    private final SimulatedWire wire = new SimulatedWire(1, 1);
    private final SimulatedTime time = new SimulatedTime(wire);
    private final LinkNode master = time.add(new LinkNode(wire.open(), Keys.enforce(1)));
    private final LinkNode backup = time.add(new LinkNode(wire.open(), Keys.enforce(1)));

    @BeforeEach
    void shouldBeginWithAMasterAndABackupThatBelievesIt() {
        wire.recording = true;
        master.own(5);
        time.runMs(50);
        for (int i = 1; i <= 20; i++) {
            master.say(i);
            time.runMs(1);
        }
        time.runMs(50);
        wire.recording = false;
        assertEquals(20, backup.heard.size());
    }

    @Test
    void shouldRefuseAMasterWithAnotherSecretUnderTheSameKeyId() {
        SyncKey wrong = new SyncKey(1, "not what they agreed".getBytes(StandardCharsets.UTF_8));
        LinkNode forger =
                time.add(
                        new LinkNode(
                                wire.open(), new HardeningConfig(Mode.ENFORCE, List.of(wrong))));
        forger.own(99);
        forger.say(666);
        time.runMs(300);

        assertNothingTaken();
        assertTrue(backup.refused(Refusal.BAD_MAC) >= 2);
        assertEquals(5, backup.link.peerEpoch(), "nor did it raise the epoch");
    }

    @Test
    void shouldRefuseAMasterWithAKeyThatNobodyKnows() {
        LinkNode forger = time.add(new LinkNode(wire.open(), Keys.enforce(2)));
        forger.own(99);
        forger.say(666);
        time.runMs(300);

        assertNothingTaken();
        assertTrue(backup.refused(Refusal.UNKNOWN_KEY) >= 2);
    }

    @Test
    void shouldRefuseAMessageWithoutTrailer() {
        wire.inject(LinkNode.plain(666));
        time.runMs(10);

        assertNothingTaken();
        assertEquals(1, backup.refused(Refusal.NO_TRAILER));
    }

    @Test
    void shouldRefuseAMessageWithAnySingleBitChanged() {
        byte[] next = withheld(21);
        int bits = next.length * 8;
        for (int bit = 0; bit < bits; bit++) {
            byte[] changed = next.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            wire.inject(changed);
            time.runMs(1);
        }
        assertNothingTaken();
        long refused =
                backup.refused(Refusal.BAD_MAC)
                        + backup.refused(Refusal.UNKNOWN_KEY)
                        + backup.refused(Refusal.NO_TRAILER)
                        + backup.foreign();
        assertEquals(bits, refused);

        wire.inject(next);
        time.runMs(1);
        assertEquals(21, backup.heard.size(), "as it was sent it is good");
    }

    @Test
    void shouldRefuseRecordsUnderTheTrailerOfAnotherMessage() {
        byte[] next = withheld(21);
        byte[] spliced = next.clone();
        System.arraycopy(
                LinkNode.plain(666),
                SyncHeaderV1.LENGTH,
                spliced,
                SyncHeaderV1.LENGTH,
                SyncEncoder.MIN_LENGTH - SyncHeaderV1.LENGTH);
        wire.inject(spliced);
        time.runMs(10);

        assertNothingTaken();
        assertEquals(1, backup.refused(Refusal.BAD_MAC));
    }

    @Test
    void shouldRefuseARecordedStreamWhenTheReceiverIsTheSame() {
        replay();
        replay();

        assertNothingTaken();
        assertTrue(backup.refused(Refusal.DUPLICATE) >= 40);
        assertEquals(1, backup.roundsEnded);
    }

    @Test
    void shouldRefuseARecordedStreamWhenTheReceiverIsANewProcess() {
        master.port.unplugged = true;
        LinkNode restarted = time.add(new LinkNode(wire.open(), Keys.enforce(1)));
        for (int i = 0; i < 50; i++) {
            replay();
            time.runMs(20);
        }

        assertEquals(List.of(), restarted.heard);
        assertEquals(0, restarted.roundsBegan);
        assertEquals(0, restarted.status().provenSenders());
        assertTrue(restarted.refused(Refusal.UNPROVEN) >= 20 * 50);
    }

    @Test
    void shouldRefuseARecordedStreamWhenTheReceiverIsNewAndTheSenderLives() {
        LinkNode restarted = time.add(new LinkNode(wire.open(), Keys.enforce(1)));
        time.runMs(300);
        assertEquals(1, restarted.status().provenSenders());
        replay();

        assertEquals(List.of(), restarted.heard);
        assertTrue(restarted.refused(Refusal.DUPLICATE) + restarted.refused(Refusal.REPLAY) >= 20);
    }

    @Test
    void shouldRefuseARecordedStreamWhenTheSenderIsANewProcess() {
        byte[] withheld = withheld(666);
        master.port.unplugged = true;
        LinkNode restarted = time.add(new LinkNode(wire.open(), Keys.enforce(1)));
        restarted.own(6);
        time.runMs(300);
        replay();
        wire.inject(withheld);
        time.runMs(10);

        assertEquals(20, backup.heard.size());
        assertEquals(2, backup.roundsEnded, "the new master's own");
        assertTrue(backup.refused(Refusal.STALE_EPOCH) >= 21);
    }

    @Test
    void shouldRefuseWhatASenderThatIsGoneForLongLeftBehindEvenInTheSameEpoch() {
        byte[] withheld = withheld(666);
        master.port.unplugged = true;
        time.runMs(11_000);
        long before = backup.refused(Refusal.UNPROVEN);
        wire.inject(withheld);
        time.runMs(100);

        assertNothingTaken();
        assertEquals(1, backup.refused(Refusal.UNPROVEN) - before);
    }

    @Test
    void shouldRefuseWhatADeposedMasterSays() {
        backup.link.epoch(6);
        time.runMs(10);
        master.say(666);
        time.runMs(100);

        assertNothingTaken();
        assertTrue(backup.refused(Refusal.STALE_EPOCH) >= 1);
    }

    @Test
    void shouldRefuseItsOwnMessagesThrownBackAtIt() {
        master.link.follow();
        for (byte[] bytes : List.copyOf(wire.recorded)) {
            wire.inject(bytes);
        }
        time.runMs(10);

        assertEquals(List.of(), master.heard);
        assertTrue(master.refused(Refusal.REFLECTED) >= 20);
    }

    @Test
    void shouldNotWorkForRecordedRequests() {
        wire.cut(true);
        master.say(21);
        time.runMs(1);
        wire.cut(false);
        wire.recording = true;
        time.runMs(100);
        wire.recording = false;
        long before = master.status().resent();
        assertTrue(before >= 1);
        for (int i = 0; i < 1000; i++) {
            replay();
        }

        long again = master.status().resent() - before;
        assertTrue(again <= 1000 / 2, again + " times one datagram in a second");
        assertEquals(1, master.status().roundsSent());
        assertEquals(21, backup.heard.size());
    }

    /** The master's next message, which the attacker has and nobody else. */
    private byte[] withheld(int number) {
        wire.cut(true);
        wire.recording = true;
        master.say(number);
        wire.recording = false;
        byte[] bytes = wire.recorded.removeLast();
        master.port.unplugged = true;
        wire.cut(false);
        return bytes;
    }

    private void replay() {
        for (byte[] bytes : List.copyOf(wire.recorded)) {
            wire.inject(bytes);
        }
        time.runMs(1);
    }

    private void assertNothingTaken() {
        assertEquals(20, backup.heard.size());
        assertEquals(1, backup.roundsEnded);
    }
}
