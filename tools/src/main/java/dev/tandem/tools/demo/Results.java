package dev.tandem.tools.demo;

import dev.tandem.tools.api.Report;
import dev.tandem.tools.demo.load.EchoServer;
import dev.tandem.tools.demo.load.LoadResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Puts together what the two ends, the client's host and the new master saw. */
final class Results {
    private Results() {}

    static DemoResult of(
            DemoOptions options,
            LoadResult load,
            List<EchoServer> servers,
            DemoResult.Owner owner,
            Optional<Report> report,
            List<DemoResult.Moment> timeline) {
        var lostBy = new TreeMap<String, Integer>();
        load.lost().forEach((reason, count) -> lostBy.put(reason.toString(), count));
        var byServer = new LinkedHashMap<String, Integer>();
        load.byServer().forEach((server, count) -> byServer.put("s" + server, count));
        return new DemoResult(
                options.fault().toString(),
                options.witness() ? "witness" : "none",
                options.sync(),
                options.forwarding().name().toLowerCase(Locale.ROOT),
                options.offloads(),
                new DemoResult.Connections(
                        load.connections(), load.kept(), load.lostConnections(), lostBy),
                load.bytesVerified() + servers.stream().mapToLong(EchoServer::bytesVerified).sum(),
                load.corrupt() + servers.stream().mapToInt(EchoServer::corrupt).sum(),
                load.kept() == 0 ? null : percentiles(load.gaps()),
                percentiles(load.calm()),
                udp(load.datagrams()),
                byServer,
                owner,
                report.map(Report::cause).orElse(""),
                report.map(Report::evidence).orElse(""),
                report.map(Report::phasesMs).orElse(Map.of()),
                timeline);
    }

    private static DemoResult.Percentiles percentiles(Histogram micros) {
        return new DemoResult.Percentiles(
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getMaxValue() / 1e3);
    }

    private static DemoResult.Udp udp(LoadResult.Datagrams datagrams) {
        return new DemoResult.Udp(
                datagrams.sent(), datagrams.lost(), datagrams.late(), datagrams.longestSilenceMs());
    }
}
