package dev.tandem.director.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pick sequences of the kernel's schedulers, servers in scan order as {@link Pool} reads them.
 * Every picked connection stays active.
 */
class SchedulersTest {
    @ParameterizedTest
    @CsvSource({
        "rr,  C1 B1 A1,   CBACBA",
        "rr,  C1 B0 A1,   CACA",
        "rr,  C1 B1x A1,  CACA",
        "rr,  C0 B0 A0,   -",
        "lc,  A1 B2 C4,   ABCABCABC",
        "lc,  A1x B0 C4,  CCC",
        "lc,  A0 B1x,     -",
        "sed, A1 B2 C4,   CBCCABCCBCCABC",
        "sed, C4 B2 A1,   CCBCCBACCBCCBA",
        "sed, A0 B2 C4,   CBCCBCC",
        "sed, A1x B2 C4,  CBCCBCC",
        "sed, A0 B0,      -",
        "nq,  A1 B2 C4,   ABCCCBCCBCCABC",
        "nq,  C4 B2 A1,   CBACCCBCCBCCBA",
        "nq,  A1x B2 C0,  BBB",
        "nq,  A0 B1x,     -",
        "fo,  D5 C5x B5 A1, DDDD",
        "fo,  D5x C5x B4 A1, BBBB",
        "fo,  A0 B1x,     -",
        "ovf, B3 A5/5,    AB",
        "ovf, B3 A5/6,    BBBB-",
        "ovf, B3/4 A5/6,  -",
        "ovf, B0 A5x,     -",
        "wlc, A1 B2 C4,   ABCCBCCABCCBCC",
        "wlc, C4 B2 A1,   CBACCBCCBACCBC",
        "wlc, A0 B2 C4,   BCCBCCB",
        "wlc, A1x B2 C4,  BCCBCCB",
        "wlc, A0 B0 C0,   -",
        "wrr, C2 B3 A4,   ABACBACBAABACBACBA",
        "wrr, A4 B3 C2,   AABABCABCAABABCABC",
        "wrr, A4 B6,      BABABBABABBABABBABAB",
        "wrr, A0 B0,      -",
        "wrr, A3x B2x,    -",
    })
    void shouldPickLikeTheKernelWhenBoundToServers(String name, String servers, String expected) {
        Pool pool = new Pool(name);
        pool.bind(servers);

        assertEquals(expected, pool.picks(expected.length()));
    }

    @ParameterizedTest
    @CsvSource({
        "wrr, A4 B3 C2,   CBAABACBACBAABACBACBA",
        "wrr, A1 B1 C1,   CBACBA",
        "wrr, A10 B5 C0,  BAABAABAA",
        "wrr, A1 B2 C3,   CBACCBCBACCB",
        "rr,  A1 B1 C1,   CBACBA",
    })
    void shouldPickLikeTheKernelWhenServersAreAddedOneByOne(
            String name, String servers, String expected) {
        Pool pool = new Pool(name);
        for (String server : servers.split(" ", -1)) {
            pool.add(server);
        }

        assertEquals(expected, pool.picks(expected.length()));
    }

    @Test
    void shouldStartANewTurnWhenAWeightIsEdited() {
        Pool pool = new Pool("wrr");
        pool.add("A1");
        pool.add("B2");
        pool.add("C3");
        assertEquals("CBACCBCBACCB", pool.picks(12));

        pool.edit("A6");

        assertEquals("CBACBAAAACACBA", pool.picks(14));
    }

    @Test
    void shouldGoOnBehindThePredecessorWhenTheLastPickIsRemoved() {
        Pool pool = new Pool("rr");
        pool.bind("D1 C1 B1 A1");
        assertEquals("DC", pool.picks(2));

        pool.remove("C");

        assertEquals("BADB", pool.picks(4));
    }

    @Test
    void shouldKeepItsPlaceWhenAServerIsAddedAtTheHead() {
        Pool pool = new Pool("rr");
        pool.bind("B1 A1");
        assertEquals("B", pool.picks(1));

        pool.add("C1");

        assertEquals("ACB", pool.picks(3));
    }

    @Test
    void shouldStartAtTheHeadWhenTheLastPickWasTheHeadAndIsRemoved() {
        Pool pool = new Pool("rr");
        pool.bind("C1 B1 A1");
        assertEquals("C", pool.picks(1));

        pool.remove("C");

        assertEquals("BAB", pool.picks(3));
    }

    /** Stepping the bar down one by one would take two thousand million passes. */
    @Test
    void shouldPickAtOnceWhenTheHeavyServersAreOverloaded() {
        Pool pool = new Pool("wrr");
        pool.bind("A2147483647x B1");

        assertEquals("BBB", pool.picks(3));
    }

    @Test
    void shouldNotOverflowWhenWeightsAndLoadsAreTheLargestPossible() {
        Pool pool = new Pool("wlc");
        pool.bind("A2147483647 B2147483646");
        pool.servers.get(0).active = 1 << 24;
        pool.servers.get(1).active = (1 << 24) - 2;

        assertEquals("B", pool.picks(1));
    }

    @Test
    void shouldNameTheKnownSchedulersWhenTheNameIsUnknown() {
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Schedulers.create("round-robin", SchedulerContext.of(0)));

        assertEquals(
                "unknown scheduler 'round-robin'; known: dh, fo, lblc, lblcr, lc, mh, nq, ovf, rr,"
                        + " sed, sh, twos, wlc, wrr",
                error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "sh,  sh-fallback, 8",
        "sh,  sh-port,     16",
        "mh,  mh-fallback, 8",
        "mh,  mh-port,     16",
        "mh,  flag-3,      32",
        "rr,  flag-1,      8",
        "rr,  flag-2,      16",
        "mh,  sh-port,     ",
        "wlc, sh-fallback, ",
        "sh,  foo,         ",
        "sh,  flag-4,      ",
    })
    void shouldKnowTheFlagsOfASchedulerByName(String scheduler, String flag, Integer bit) {
        assertEquals(
                bit == null ? OptionalInt.empty() : OptionalInt.of(bit),
                Schedulers.flag(scheduler, flag));
    }

    @Test
    void shouldNameTheFlagsThatAreSet() {
        Map<String, List<String>> expected =
                Map.of(
                        "sh", List.of("sh-fallback", "sh-port"),
                        "mh", List.of("mh-fallback", "mh-port"),
                        "rr", List.of("flag-1", "flag-2"),
                        "gone", List.of("flag-1", "flag-2"));

        expected.forEach((name, flags) -> assertEquals(flags, Schedulers.flagNames(name, 0x1B)));
        assertEquals(List.of("flag-3"), Schedulers.flagNames("sh", 0x20));
    }

    /** Numbers drawn, points on the line of weights; A's overhead is 256, B's 512. */
    @ParameterizedTest
    @CsvSource({
        "A1/1 B3/2,          1, 2, B",
        "A1/1 B3/2,          0, 0, A",
        "A1/1 B3/2,          4, 4, B",
        "A1/1 B3/9,          1, 4, A",
        "A0 B3x C2/5 D1,     2, 3, D",
        "A1/1 B2147483647/2, 0, 2147483648, B",
        "A0 B3x,             0, 0, -",
    })
    void shouldTakeTheLesserLoadedOfTwoByChance(
            String servers, long first, long second, char expected) {
        var drawn = List.of(first, second).iterator();
        Scheduler twos =
                new TwoChoices(
                        new RandomGenerator() {
                            @Override
                            public long nextLong() {
                                throw new AssertionError("a bound is to be given");
                            }

                            @Override
                            public long nextLong(long bound) {
                                long next = drawn.next();
                                assertTrue(next < bound, next + " within " + bound);
                                return next;
                            }
                        });

        assertEquals(expected, new Pool(twos).bind(servers).pick(Pool.flow(1, 1, 1)));
    }
}
