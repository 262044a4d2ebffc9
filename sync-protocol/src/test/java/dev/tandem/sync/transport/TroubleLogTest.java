package dev.tandem.sync.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TroubleLogTest {
    private static final long SECOND_NS = 1_000_000_000L;
    // close to the overflow, where only subtraction compares right
    private static final long START_NS = Long.MAX_VALUE - 5 * SECOND_NS;

    @Test
    void shouldTellAtMostOnceInTenSecondsAndHowManyWereKeptBack() {
        Logger logger = (Logger) LoggerFactory.getLogger("test." + TroubleLogTest.class.getName());
        logger.setAdditive(false);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        TroubleLog trouble = new TroubleLog(logger, "link");

        for (int second = 0; second < 25; second++) {
            trouble.warn("cannot send", "no route", START_NS + second * SECOND_NS);
        }

        assertEquals(
                List.of(
                        "link: cannot send: no route (0 such lines kept back)",
                        "link: cannot send: no route (9 such lines kept back)",
                        "link: cannot send: no route (9 such lines kept back)"),
                lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    }
}
