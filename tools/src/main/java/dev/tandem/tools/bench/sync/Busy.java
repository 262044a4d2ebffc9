package dev.tandem.tools.bench.sync;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Processor time of the two directors' processes from a moment on. */
final class Busy {
    private final ProcessHandle master;
    private final ProcessHandle backup;
    private final long masterNs;
    private final long backupNs;
    private final long sinceNs = System.nanoTime();

    Busy(ProcessHandle master, ProcessHandle backup) {
        this.master = master;
        this.backup = backup;
        masterNs = cpuNs(master);
        backupNs = cpuNs(backup);
    }

    /** Processors kept busy since then, by who did it. */
    Map<String, Double> processors(Generator generator) {
        double elapsedNs = System.nanoTime() - sinceNs;
        Map<String, Double> processors = new TreeMap<>();
        processors.put("master", (cpuNs(master) - masterNs) / elapsedNs);
        processors.put("backup", (cpuNs(backup) - backupNs) / elapsedNs);
        processors.put("generator", generator.processors());
        return processors;
    }

    private static long cpuNs(ProcessHandle process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    }
}
