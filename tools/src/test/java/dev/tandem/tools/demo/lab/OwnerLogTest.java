package dev.tandem.tools.demo.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnerLogTest {
    private static final long A = 0x02_77_01_00_00_02L;
    private static final long B = 0x02_77_01_00_00_03L;
    private static final long STRANGER = 0x02_00_00_00_00_99L;

    private final OwnerLog log = new OwnerLog();

    @Test
    void shouldSeeOneOwnerWhenTheAddressMovesOnce() {
        log.onClaim(1, A, 10);
        log.onClaim(2, A, 20);
        log.onClaim(OwnerLog.UNASKED, B, 300);
        log.onClaim(3, B, 310);

        Owners seen = log.take(320);

        assertEquals("b", seen.last());
        assertEquals(1, seen.changes());
        assertEquals(280, seen.longestSilenceNs());
        assertEquals(
                List.of(new Owners.Claim(10, "a", false), new Owners.Claim(300, "b", false)),
                seen.claims());
        assertFalse(seen.two(1));
    }

    @Test
    void shouldSeeTwoWhenBothAnswerOneQuestion() {
        log.onClaim(7, A, 10);
        log.onClaim(7, B, 11);

        Owners seen = log.take(20);

        assertEquals(1, seen.doubles());
        assertTrue(seen.two(1));
    }

    @Test
    void shouldSeeTwoWhenTheyTakeTurns() {
        log.onClaim(1, A, 10);
        log.onClaim(2, B, 20);
        log.onClaim(3, A, 200_000_000);

        Owners seen = log.take(300_000_000);

        assertEquals(2, seen.changes());
        assertTrue(seen.two(1), "the first one answers again in the second one's epoch");
        assertFalse(seen.two(2), "it took over again");
    }

    @Test
    void shouldSeeTwoWhenTheFirstAnswersAgainWithinALease() {
        log.onClaim(1, A, 10);
        log.onClaim(2, B, 20);
        log.onClaim(3, A, 100_000_000);

        Owners seen = log.take(200_000_000);

        assertEquals(1, seen.returns());
        assertTrue(seen.two(2), "however many epochs there were");
    }

    @Test
    void shouldNotTakeOneAnswerThatComesTwiceForTwoOwners() {
        log.onClaim(7, A, 10);
        log.onClaim(7, A, 11);

        assertFalse(log.take(20).two(0));
    }

    @Test
    void shouldKnowTheOwnerStillWhenANewSpanBegins() {
        log.onClaim(1, A, 10);
        log.take(20);
        log.onClaim(2, B, 30);

        assertEquals(1, log.take(40).changes());
        assertEquals(0, log.take(50).changes());
    }

    @Test
    void shouldNameAStrangerByItsAddress() {
        log.onClaim(1, STRANGER, 10);

        assertEquals("02:00:00:00:00:99", log.take(20).last());
    }

    @Test
    void shouldKeepOnlySomeClaimsWhenTwoFightForLong() {
        for (int i = 0; i < 1000; i++) {
            log.onClaim(i, i % 2 == 0 ? A : B, i);
        }

        Owners seen = log.take(1000);

        assertEquals(999, seen.changes());
        assertEquals(50, seen.claims().size());
    }
}
