package dev.tandem.tools.chaos;

import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.DirectorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory the daemons use over the rounds. A look has them collect their garbage (with the
 * JDK's {@code jcmd}), so that what is counted is in use: look only when nothing happens.
 */
final class MemoryWatch {
    /** A line of {@code GC.heap_info} for a generation of the serial collector. */
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final String jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
    private final Map<Long, Life> lives = new LinkedHashMap<>();

    private record Look(int round, long heapKiB, long residentKiB) {}

    private record Life(String node, List<Look> looks) {}

    /** Looks at a daemon. */
    void look(DirectorProcess daemon, int round) throws IOException {
        long pid = daemon.pid();
        String number = Long.toString(pid);
        Commands.run(jcmd, number, "GC.run");
        long heap = sum(USED.matcher(Commands.run(jcmd, number, "GC.heap_info")));
        long resident = sum(RESIDENT.matcher(Files.readString(Path.of("/proc", number, "status"))));
        lives.computeIfAbsent(pid, _ -> new Life(daemon.node(), new ArrayList<>()))
                .looks()
                .add(new Look(round, heap, resident));
    }

    private static long sum(Matcher numbers) {
        return numbers.results().mapToLong(found -> Long.parseLong(found.group(1))).sum();
    }

    /** All daemons that were looked at more than once. */
    List<ChaosResult.Memory> result() {
        return lives.entrySet().stream()
                .filter(life -> life.getValue().looks().size() > 1)
                .map(life -> memory(life.getKey(), life.getValue()))
                .toList();
    }

    private static ChaosResult.Memory memory(long pid, Life life) {
        Look first = life.looks().getFirst();
        Look last = life.looks().getLast();
        return new ChaosResult.Memory(
                life.node(),
                pid,
                life.looks().size(),
                last.round() - first.round(),
                first.heapKiB(),
                last.heapKiB(),
                slope(life.looks()),
                first.residentKiB(),
                last.residentKiB());
    }

    private static double slope(List<Look> looks) {
        double meanRound = looks.stream().mapToInt(Look::round).average().orElse(0);
        double meanHeap = looks.stream().mapToLong(Look::heapKiB).average().orElse(0);
        double above = 0;
        double below = 0;
        for (Look look : looks) {
            double apart = look.round() - meanRound;
            above += apart * (look.heapKiB() - meanHeap);
            below += apart * apart;
        }
        return below == 0 ? 0 : above / below;
    }
}
