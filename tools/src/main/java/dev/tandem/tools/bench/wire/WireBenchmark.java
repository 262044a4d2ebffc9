package dev.tandem.tools.bench.wire;

import dev.tandem.tools.demo.lab.Lab;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Plain routing, nftables and Tandem in turn, round after round, so that all share the machine's
 * moods; each round has namespaces of its own.
 */
public final class WireBenchmark {
    private WireBenchmark() {}

    /**
     * Medians over the rounds.
     *
     * @param tcpGbits goodput of one TCP stream
     * @param udpMpps 60-byte frames that reached the server, in millions a second
     */
    public record Row(String forwarder, double tcpGbits, double udpMpps) {}

    /**
     * Runs the rounds.
     *
     * @param rounds 0 or more
     * @param seconds length of each single measurement
     * @param progress told what happens now
     */
    public static List<Row> run(int rounds, int seconds, Consumer<String> progress)
            throws Exception {
        Map<Forwarder, Samples> samples = new EnumMap<>(Forwarder.class);
        for (int round = 1; round <= rounds; round++) {
            for (Forwarder forwarder : Forwarder.values()) {
                progress.accept("round %d of %d: %s".formatted(round, rounds, forwarder.words()));
                measure(forwarder, seconds, samples.computeIfAbsent(forwarder, _ -> new Samples()));
            }
        }
        return samples.entrySet().stream()
                .map(sample -> sample.getValue().row(sample.getKey().words()))
                .toList();
    }

    private static void measure(Forwarder forwarder, int seconds, Samples samples)
            throws Exception {
        try (var lab = new Lab(Forwarder.plan())) {
            lab.build();
            try (var _ = forwarder.start(lab)) {
                String target = forwarder.target(lab.plan());
                samples.tcp.add(Traffic.tcpGbits(lab, target, seconds));
                samples.udp.add(Traffic.udpMpps(lab, target, seconds));
            }
        }
    }

    private static final class Samples {
        private final List<Double> tcp = new ArrayList<>();
        private final List<Double> udp = new ArrayList<>();

        Row row(String forwarder) {
            return new Row(forwarder, median(tcp), median(udp));
        }

        private static double median(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return sorted.size() % 2 == 1
                    ? sorted.get(middle)
                    : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        }
    }
}
