package dev.tandem.director.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the kernel says of a thread that was raised; needs CAP_SYS_NICE. */
@Tag("netns")
class UrgencyIT {
    private static final Path STAT = Path.of("/proc/thread-self/stat");
    private static final Path SCHED = Path.of("/proc/thread-self/sched");

    /** proc_pid_stat(5) counts it as 19; the first two, a name in brackets the second, are cut. */
    private static final int NICE = 19 - 3;

    @Test
    void shouldRaiseTheCallingThreadAndNoOther() throws Exception {
        try (var one = Executors.newSingleThreadExecutor();
                var other = Executors.newSingleThreadExecutor()) {
            String usual = other.submit(UrgencyIT::priority).get();
            String raised =
                    one.submit(
                                    () -> {
                                        Urgency.raise();
                                        return priority();
                                    })
                            .get();
            assertEquals("nice -15, slice 100000", raised);
            assertEquals(usual, other.submit(UrgencyIT::priority).get());
        }
    }

    private static String priority() throws Exception {
        String stat = Files.readString(STAT);
        String nice = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE];
        String slice =
                Files.readAllLines(SCHED).stream()
                        .filter(line -> line.startsWith("se.slice"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("of this kernel unknown");
        return "nice %s, slice %s".formatted(nice, slice);
    }
}
