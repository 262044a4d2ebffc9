package dev.tandem.director.sched;

import static dev.tandem.director.sched.HashSchedulersTest.fold;
import static dev.tandem.director.sched.HashSchedulersTest.ipv4;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mh}: the kernel's figures for servers C, B, A = 192.168.0.3, .2, .1, port 80. */
class MaglevTest {
    private static final long FIRST_KEY = 2654435761L;
    private static final long SECOND_KEY = 2654446892L;

    @ParameterizedTest
    @CsvSource({
        "0x0a000001, 50859236, 1224331457",
        "0, 492468162, 4169286463",
    })
    void shouldHashAsTheKernelDoes(String value, long first, long second) {
        assertEquals(first, AddressHash.sip(Integer.decode(value), FIRST_KEY));
        assertEquals(second, AddressHash.sip(Integer.decode(value), SECOND_KEY));
    }

    @ParameterizedTest
    @CsvSource({"3, 2543, 201", "2, 1813, 3870", "1, 1355, 1615"})
    void shouldGiveEachServerAnOrderOfItsOwn(int host, int offset, int step) {
        int value = 0xC0A80000 + host + 80;

        assertEquals(offset, Maglev.slot(value));
        assertEquals(step, AddressHash.sip(value, SECOND_KEY) % (Maglev.SLOTS - 1) + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "C1 B1 A1,   A1364 B1364 C1365",
        "C1 A1,      A2046 B0 C2047",
        "C1 B2 A4,   A2338 B1170 C585",
        "B100 A1,    A80 B4013 C0",
        "B64 A2,     A124 B3969 C0",
        "B64 A0,     A0 B4093 C0",
    })
    void shouldShareTheSlotsByWeight(String servers, String expected) {
        String slots = slots(new Pool("mh").bind(servers));

        StringBuilder shares = new StringBuilder();
        for (char name = 'A'; name <= 'C'; name++) {
            char server = name;
            shares.append(shares.isEmpty() ? "" : " ").append(name);
            shares.append(slots.chars().filter(slot -> slot == server).count());
        }
        assertEquals(expected, shares.toString());
    }

    @Test
    void shouldFillTheSlotsInTheKernelsOrder() {
        String slots = slots(new Pool("mh").bind("C1 B1 A1"));

        assertEquals("ACBACCBCCACBBCACBABABBCACBCCABBA", slots.substring(0, 32));
    }

    @Test
    void shouldMoveFewOthersWhenAServerGoes() {
        Pool pool = new Pool("mh").bind("C1 B1 A1");
        String before = slots(pool);
        pool.remove("B");
        String after = slots(pool);

        int moved = 0;
        for (int i = 0; i < Maglev.SLOTS; i++) {
            if (before.charAt(i) != 'B' && before.charAt(i) != after.charAt(i)) {
                moved++;
            }
        }
        assertEquals(5, moved);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 3711, B",
        "10.0.0.2, 1884, B",
        "10.0.0.3, 3741, A",
        "10.0.0.4, 3701, C",
        "192.168.1.10, 3323, B",
        "8.8.8.8, 502, C",
    })
    void shouldPickByClient(String client, int slot, char pick) {
        assertEquals(slot, Maglev.slot(ipv4(client)));
        Pool pool = new Pool("mh").bind("C1 B1 A1");

        assertEquals(pick, pool.pick(Pool.flow(ipv4(client), 12345, 1)));
    }

    @Test
    void shouldFindTheSlotOfAnIpv6Client() {
        assertEquals(3457, Maglev.slot(fold("2001:db8::1")));
    }

    @Test
    void shouldMixInThePortWithMhPort() {
        assertEquals(490, Maglev.slot(ipv4("10.0.0.1") + 12345));
        Pool pool = new Pool(scheduler(SchedulerContext.FLAG_2)).bind("C1 B1 A1");

        char ofSlot490 = slots(pool).charAt(490);
        assertEquals(ofSlot490, pool.pick(Pool.flow(ipv4("10.0.0.1"), 12345, 1)));
    }

    /** Weight 0 leaves the table as it is: nobody else's clients move. */
    @Test
    void shouldKeepTheSlotsOfAServerThatIsQuiesced() {
        Pool plain = new Pool("mh").bind("C1 B2 A4");
        Pool fallback = new Pool(scheduler(SchedulerContext.FLAG_1)).bind("C1 B2 A4");
        String before = slots(plain);
        plain.edit("B0");
        fallback.edit("B0");
        String after = slots(plain);
        String caught = slots(fallback);

        for (int i = 0; i < Maglev.SLOTS; i++) {
            boolean quiesced = before.charAt(i) == 'B';
            assertEquals(quiesced ? '-' : before.charAt(i), after.charAt(i), "slot " + i);
            if (!quiesced) {
                assertEquals(before.charAt(i), caught.charAt(i), "slot " + i);
            }
        }
        assertEquals(-1, caught.indexOf('B'));
        assertEquals(-1, caught.indexOf('-'));
    }

    @ParameterizedTest
    @CsvSource({"0", "8"})
    void shouldFindNobodyWhenNobodyIsThere(int flags) {
        Pool pool = new Pool(scheduler(flags));
        assertEquals("-", pool.picks(1));
        pool.bind("B0 A0");
        assertEquals("-", pool.picks(1));
        pool.edit("A1x");
        assertEquals("-", pool.picks(1));
        pool.edit("A1");
        assertEquals("A", pool.picks(1));
    }

    @Test
    void shouldSayHowManyServersItHasSlotsFor() {
        assertEquals(4093, scheduler(0).maxServers());
    }

    private static Scheduler scheduler(int flags) {
        return Schedulers.create("mh", SchedulerContext.of(flags));
    }

    /** Who is picked for a client of each slot. */
    private static String slots(Pool pool) {
        char[] slots = new char[Maglev.SLOTS];
        int missing = slots.length;
        for (int client = 0; missing > 0; client++) {
            int slot = Maglev.slot(client);
            if (slots[slot] == 0) {
                slots[slot] = pool.pick(Pool.flow(client, 0, 1));
                missing--;
            }
        }
        return new String(slots);
    }
}
