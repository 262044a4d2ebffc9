package dev.tandem.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class TroubleLogTest {
    private static final long SECOND_NS = 1_000_000_000L;
    // close to the overflow, where only subtraction compares right
    private static final long START_NS = Long.MAX_VALUE - 5 * SECOND_NS;

    private final List<String> lines = new ArrayList<>();

    /** A logger that knows nothing but warnings with arguments. */
    private Logger logger() {
        return (Logger)
                Proxy.newProxyInstance(
                        Logger.class.getClassLoader(),
                        new Class<?>[] {Logger.class},
                        (_, method, arguments) -> {
                            assertEquals("warn", method.getName());
                            lines.add(
                                    MessageFormatter.arrayFormat(
                                                    (String) arguments[0], (Object[]) arguments[1])
                                            .getMessage());
                            return null;
                        });
    }

    @Test
    void shouldTellAtMostOnceInTenSecondsAndHowManyWereKeptBack() {
        TroubleLog trouble = new TroubleLog(logger(), "link");

        for (int second = 0; second < 25; second++) {
            trouble.warn("cannot send", "no route", START_NS + second * SECOND_NS);
        }

        assertEquals(
                List.of(
                        "link: cannot send: no route (0 such lines kept back)",
                        "link: cannot send: no route (9 such lines kept back)",
                        "link: cannot send: no route (9 such lines kept back)"),
                lines);
    }
}
