package dev.tandem.tools.demo;

import dev.tandem.tools.api.Report;
import dev.tandem.tools.demo.lab.Owners;
import dev.tandem.tools.demo.load.EchoProcess;
import dev.tandem.tools.demo.load.LoadResult;
import dev.tandem.tools.demo.load.Loss;
import dev.tandem.tools.demo.load.Probe;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Puts together what the two ends, the clients' network and the new master saw. */
final class Results {
    private Results() {}

    /**
     * What the two ends saw in a round.
     *
     * @param calm by the probe, before the fault
     * @param struck by the connections, until all were served again
     * @param gap by the probe, until the addresses had moved
     * @param later by the probe, from then on
     * @param mended by the connections, until the pair was ready again
     * @param servers by the servers, in the whole round
     */
    record Seen(
            Probe.Span calm,
            LoadResult struck,
            Probe.Span gap,
            Probe.Span later,
            LoadResult mended,
            EchoProcess.Count servers) {}

    static DemoResult of(DemoOptions options, List<DemoResult.Round> rounds) {
        return new DemoResult(
                options.fault().toString(),
                options.arbiter().toString(),
                options.sync(),
                options.forwarding().name().toLowerCase(Locale.ROOT),
                options.offloads(),
                rounds,
                Verdicts.of(options, rounds));
    }

    static DemoResult.Owner owner(String before, String after, Owners seen, long epochs) {
        return new DemoResult.Owner(
                before,
                after,
                seen.changes(),
                epochs,
                seen.doubles(),
                seen.returns(),
                seen.two(epochs));
    }

    static DemoResult.Round round(
            int number,
            Seen seen,
            DemoResult.Owner owner,
            Optional<Report> report,
            List<DemoResult.Moment> timeline) {
        LoadResult struck = seen.struck();
        var byServer = new LinkedHashMap<String, Integer>();
        struck.byServer().forEach((server, count) -> byServer.put("s" + server, count));
        DemoResult.Percentiles calmMs = percentiles(struck.calm());
        return new DemoResult.Round(
                number,
                connections(seen),
                ms(seen.gap().gapNs()),
                ms(seen.later().gapNs()),
                ms(seen.calm().gapNs()),
                struck.kept() == 0 ? null : percentiles(struck.waits()),
                calmMs,
                calmMs.p99() > Verdicts.BUSY_MS,
                new DemoResult.Probe(
                        seen.gap().sent() + seen.later().sent(),
                        seen.gap().lost() + seen.later().lost()),
                owner,
                struck.bytesVerified()
                        + seen.mended().bytesVerified()
                        + seen.servers().bytesVerified(),
                struck.corrupt()
                        + seen.mended().corrupt()
                        + seen.gap().corrupt()
                        + seen.later().corrupt()
                        + seen.servers().corrupt(),
                byServer,
                report.map(Report::cause).orElse(""),
                report.map(Report::evidence).orElse(""),
                report.map(Report::phasesMs).orElse(Map.of()),
                timeline);
    }

    private static DemoResult.Connections connections(Seen seen) {
        var lostBy = new TreeMap<String, Integer>();
        for (LoadResult part : List.of(seen.struck(), seen.mended())) {
            for (Map.Entry<Loss, Integer> lost : part.lost().entrySet()) {
                lostBy.merge(lost.getKey().toString(), lost.getValue(), Integer::sum);
            }
        }
        int kept = seen.mended().kept();
        int lost = seen.struck().lostConnections() + seen.mended().lostConnections();
        return new DemoResult.Connections(kept + lost, kept, lost, lostBy);
    }

    private static DemoResult.Percentiles percentiles(Histogram micros) {
        return new DemoResult.Percentiles(
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getMaxValue() / 1e3);
    }

    private static double ms(long ns) {
        return Math.round(ns / 1e4) / 1e2;
    }
}
