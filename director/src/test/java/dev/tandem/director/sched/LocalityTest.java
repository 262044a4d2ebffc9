package dev.tandem.director.sched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.Setting;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lblc} and {@code lblcr}: which server an address keeps, and for how long. */
class LocalityTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MINUTE_NS = 60 * SECOND_NS;

    /**
     * Steps: a server edited, "A10/5"; or the pick for the first address, "=B", or for another,
     * "2:B".
     */
    @ParameterizedTest
    @CsvSource({
        // stays until B has more than its weight and A less than half of its
        "lblc,  B10 A10,        '=B B10/10 =B A10/4 B10/11 =A B10/0 =A A10/10 =A'",
        "lblc,  B10/5 A10,      '=A A10/11 B10/5 =A B10/4 =B'",
        // overloaded servers are not used because they were, nor taken for helpers
        "lblc,  B10 A10,        '=B B10/0x =A'",
        "lblc,  B10 A10 C10,    '=B B10/11 A10/4x C10/5 =B C10/4 =C'",
        "lblc,  B10 A10,        '=B B0/0 =A B10/0 =A'",
        "lblc,  B10 A10,        '=B B10/9 2:A B10/1 A10/5 =B 2:A 3:B'",
        "lblc,  B0 A0,          '=-'",
        // an address has several servers after an overload
        "lblcr, B10 A10,        '=B B10/10 =B A10/4 B10/11 =A B10/0 =B B10/5 =A'",
        "lblcr, B10 A10,        '=B B10/0x =A A10/1 B10/0 =B'",
        "lblcr, B10 A10 C10,    '=B B10/11 A10/4x C10/5 =B C10/4 =C'",
        "lblcr, B0 A0,          '=-'",
    })
    void shouldKeepAnAddressOnItsServer(String name, String servers, String steps) {
        Pool pool = new Pool(name).bind(servers);
        for (String step : steps.split(" ", -1)) {
            int address = step.charAt(1) == ':' ? step.charAt(0) : 0x01010101;
            char expected = step.charAt(step.length() - 1);
            if (step.charAt(0) == '=' || step.charAt(1) == ':') {
                assertEquals(expected, pool.pick(Pool.flow(1, 1, address)), step + " of " + steps);
            } else {
                Pool.Server edited = Pool.Server.parse(step);
                pool.edit(step);
                pool.server(edited.name).active = edited.active;
            }
        }
    }

    @Test
    void shouldGoOnWithTheOthersWhenAServerIsRemoved() {
        for (String name : new String[] {"lblc", "lblcr"}) {
            Pool pool = new Pool(name).bind("C10 B10 A10/1");
            assertEquals('C', pool.pick(flow(1)));

            pool.remove("C");

            assertEquals('B', pool.pick(flow(1)));
        }
    }

    /** B and A serve the address; after a day without an addition the busier one is dropped. */
    @Test
    void shouldDropTheBusiestServerAfterTheExpirationTime() {
        Pool pool = pool(true, 100);
        pool.bind("B10 A10");
        assertEquals('B', pool.pick(flow(1)));
        pool.server('B').active = 11;
        assertEquals('A', pool.pick(flow(1)));
        pool.server('A').active = 2;
        pool.server('B').active = 1;
        assertEquals('B', pool.pick(flow(1)));

        pool.nowNs = 100 * SECOND_NS;
        assertEquals('B', pool.pick(flow(1)));
        pool.nowNs = 100 * SECOND_NS + 1;
        assertEquals('B', pool.pick(flow(1)));
        pool.server('B').active = 3;

        // A, which had less to do now, is no more among the address's servers
        assertEquals('B', pool.pick(flow(1)));
    }

    /** The check of all comes in every 30th minute; before that an old entry is still used. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldForgetAddressesThatWereNotUsed(boolean replicating) {
        Pool pool = pool(replicating, 600);
        pool.bind("B10 A10");
        Locality scheduler = (Locality) pool.scheduler;
        for (int address = 1; address <= 1000; address++) {
            pool.pick(flow(address));
        }
        for (int minute = 1; minute < 30; minute++) {
            pool.nowNs = minute * MINUTE_NS;
            pool.pick(flow(1));
            assertEquals(1000, scheduler.size(), "minute " + minute);
        }

        pool.nowNs = 30 * MINUTE_NS;
        pool.pick(flow(1));

        assertEquals(1, scheduler.size());
    }

    @Test
    void shouldMakeUpForMinutesWithoutPicks() {
        Pool pool = pool(false, 600);
        pool.bind("B10 A10");
        for (int address = 1; address <= 1000; address++) {
            pool.pick(flow(address));
        }

        pool.nowNs = 1440 * MINUTE_NS;
        pool.pick(flow(1));

        assertEquals(1, ((Locality) pool.scheduler).size());
    }

    @Test
    void shouldReadTheExpirationAnewEachTime() {
        LiveSettings settings = settings(1_000_000);
        Pool pool = pool(false, settings);
        pool.bind("A1");
        pool.pick(flow(1));
        pool.nowNs = 60 * MINUTE_NS;
        pool.pick(flow(2));
        assertEquals(2, ((Locality) pool.scheduler).size());
        settings.replace(settings(60).now());

        pool.nowNs = 120 * MINUTE_NS;
        pool.pick(flow(3));

        assertEquals(1, ((Locality) pool.scheduler).size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeBoundedAndGiveWayToNewAddresses(boolean replicating) {
        Pool pool = pool(replicating, 86400);
        pool.bind("B10 A10");
        Locality scheduler = (Locality) pool.scheduler;
        for (int address = 1; address <= 50_000; address++) {
            assertEquals('B', pool.pick(flow(address)));
        }
        assertEquals(24576, scheduler.size());

        // young ones stay, whatever the number
        pool.nowNs = 3 * MINUTE_NS;
        pool.pick(flow(1));
        assertEquals(24576, scheduler.size());

        // 8192 too many: a third more goes, at most half of what is comfortable
        pool.nowNs = 10 * MINUTE_NS;
        pool.pick(flow(1));
        int left = scheduler.size();
        assertTrue(left > 16300 && left <= 16385, "left " + left);
    }

    private static Pool pool(boolean replicating, int expirationSeconds) {
        return pool(replicating, settings(expirationSeconds));
    }

    private static Pool pool(boolean replicating, LiveSettings settings) {
        SchedulerContext context = new SchedulerContext(0, settings, new SplittableRandom(1));
        return new Pool(new Locality(context, replicating));
    }

    private static LiveSettings settings(int expirationSeconds) {
        return new LiveSettings(
                DirectorSettings.of(
                        Map.of(
                                Setting.LBLC_EXPIRATION,
                                expirationSeconds,
                                Setting.LBLCR_EXPIRATION,
                                expirationSeconds)));
    }

    private static Flow flow(int address) {
        return Pool.flow(1, 1, address);
    }
}
