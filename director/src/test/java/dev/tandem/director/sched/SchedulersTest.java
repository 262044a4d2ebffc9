package dev.tandem.director.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.director.testing.Packets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pick sequences of the kernel's schedulers. Servers are written as name and weight in scan order,
 * "C4 B2 A1"; an x behind the weight marks an overloaded one. Every picked connection stays active.
 */
class SchedulersTest {
    @ParameterizedTest
    @CsvSource({
        "rr,  C1 B1 A1,   CBACBA",
        "rr,  C1 B0 A1,   CACA",
        "rr,  C1 B1x A1,  CACA",
        "rr,  C0 B0 A0,   -",
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
                        IllegalArgumentException.class, () -> Schedulers.create("round-robin"));

        assertEquals("unknown scheduler 'round-robin'; known: rr, wlc, wrr", error.getMessage());
    }

    /** A list of servers with a scheduler of its own. */
    private static final class Pool {
        private final Scheduler scheduler;
        private final List<Server> servers = new ArrayList<>();

        Pool(String scheduler) {
            this.scheduler = Schedulers.create(scheduler);
            this.scheduler.bound(list());
        }

        void bind(String text) {
            for (String server : text.split(" ", -1)) {
                servers.add(Server.parse(server));
            }
            scheduler.bound(list());
        }

        void add(String text) {
            servers.addFirst(Server.parse(text));
            scheduler.added(list());
        }

        void edit(String text) {
            Server edited = Server.parse(text);
            servers.get(indexOf(edited.name)).weight = edited.weight;
            scheduler.edited(list());
        }

        void remove(String name) {
            int index = indexOf(name.charAt(0));
            servers.remove(index);
            scheduler.removed(list(), index);
        }

        String picks(int count) {
            StringBuilder picks = new StringBuilder();
            Candidate[] list = list();
            for (int i = 0; i < count; i++) {
                int pick =
                        scheduler.pick(
                                list, Packets.ipv4(6, 0x0A000001, 40000 + i, 0x0A4D0164, 80, 0), 0);
                if (pick == Scheduler.NONE) {
                    picks.append('-');
                } else {
                    picks.append(servers.get(pick).name);
                    servers.get(pick).active++;
                }
            }
            return picks.toString();
        }

        private int indexOf(char name) {
            for (int i = 0; i < servers.size(); i++) {
                if (servers.get(i).name == name) {
                    return i;
                }
            }
            throw new AssertionError("no server " + name);
        }

        private Candidate[] list() {
            return servers.toArray(Candidate[]::new);
        }
    }

    private static final class Server implements Candidate {
        private final char name;
        private final boolean overloaded;
        private int weight;
        private int active;

        private Server(char name, int weight, boolean overloaded) {
            this.name = name;
            this.weight = weight;
            this.overloaded = overloaded;
        }

        static Server parse(String text) {
            String weight = text.substring(1).replace("x", "");
            return new Server(text.charAt(0), Integer.parseInt(weight), text.endsWith("x"));
        }

        @Override
        public int weight() {
            return weight;
        }

        @Override
        public boolean overloaded() {
            return overloaded;
        }

        @Override
        public int activeConnections() {
            return active;
        }

        @Override
        public int inactiveConnections() {
            return 0;
        }

        @Override
        public int lastWeight() {
            return weight;
        }

        @Override
        public boolean isIpv6() {
            return false;
        }

        @Override
        public long addressHigh() {
            return 0;
        }

        @Override
        public long addressLow() {
            return name;
        }

        @Override
        public int port() {
            return 80;
        }
    }
}
