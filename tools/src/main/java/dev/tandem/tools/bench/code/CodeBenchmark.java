package dev.tandem.tools.bench.code;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the JMH benchmarks of this package, each in JVMs of its own, with the allocation profiler.
 */
public final class CodeBenchmark {
    private static final String ALLOCATED_PER_OPERATION = "gc.alloc.rate.norm";

    private CodeBenchmark() {}

    /**
     * One benchmark's result.
     *
     * @param nsPerOperation mean over all iterations
     * @param error half the 99.9 % confidence interval
     * @param bytesPerOperation bytes allocated on the heap
     */
    public record Row(String name, double nsPerOperation, double error, double bytesPerOperation) {}

    /**
     * Runs them all.
     *
     * @param seconds length of an iteration; there are three after three of warm-up, in two JVMs
     */
    public static List<Row> run(int seconds) throws RunnerException {
        TimeValue time = TimeValue.seconds(seconds);
        Collection<RunResult> results =
                new Runner(
                                new OptionsBuilder()
                                        .include("dev\\.tandem\\.tools\\.bench\\.code\\..*")
                                        .mode(Mode.AverageTime)
                                        .timeUnit(TimeUnit.NANOSECONDS)
                                        .warmupIterations(3)
                                        .warmupTime(time)
                                        .measurementIterations(3)
                                        .measurementTime(time)
                                        .forks(2)
                                        .jvmArgsAppend(
                                                "-XX:+UseSerialGC",
                                                "--enable-native-access=ALL-UNNAMED",
                                                // JMH itself uses it
                                                "--sun-misc-unsafe-memory-access=allow")
                                        .addProfiler(GCProfiler.class)
                                        .shouldFailOnError(true)
                                        .verbosity(VerboseMode.SILENT)
                                        .build())
                        .run();
        return results.stream().map(CodeBenchmark::row).toList();
    }

    private static Row row(RunResult result) {
        var primary = result.getPrimaryResult();
        String name = result.getParams().getBenchmark();
        return new Row(
                name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                primary.getScore(),
                primary.getScoreError(),
                Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED_PER_OPERATION))
                        .getScore());
    }
}
