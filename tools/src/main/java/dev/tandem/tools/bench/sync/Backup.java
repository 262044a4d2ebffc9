package dev.tandem.tools.bench.sync;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.control.Director;
import dev.tandem.director.control.Wiring;
import dev.tandem.director.route.HostNetwork;
import dev.tandem.director.route.NextHops;
import dev.tandem.tools.config.ConfigException;
import dev.tandem.tools.config.ConfigReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The backup's process: the director of the daemon with its ports, sockets and threads, and one
 * thing in between that takes the time. Answers each line on its standard input with its {@link
 * Counts} as a line of JSON, and ends with the input.
 *
 * <p>A director asks for the next hop of a received connection's client right after it has applied
 * the record, so that the neighbour is known when it takes over. A backup has no other reason to
 * ask for a client. So that is where the time is taken, and nothing is put into the path for it.
 */
final class Backup {
    /** What it says when it listens. */
    static final String READY = "ready";

    private Backup() {}

    /**
     * Runs until the standard input ends.
     *
     * @param args configuration file, file of stamps, number of connections
     */
    public static void main(String[] args) throws IOException, ConfigException {
        DirectorConfig config =
                ConfigReader.read(Path.of(args[0])).clusters().getFirst().director();
        Stamps stamps = new Stamps(Path.of(args[1]), Integer.parseInt(args[2]));
        Wiring host = Wiring.toHost(config, HostNetwork.open());
        Wiring timed =
                new Wiring(
                        host.ports(),
                        new TimedHops(host.nextHops(), stamps),
                        host.sync(),
                        host.keepResolved(),
                        host.resources());
        try (Director director = new Director(config, timed)) {
            director.start();
            System.out.println(READY);
            answer(director);
        }
    }

    private static void answer(Director director) throws IOException {
        ObjectMapper json = new ObjectMapper();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            System.out.println(json.writeValueAsString(Counts.of(director.status())));
        }
    }

    private record TimedHops(NextHops hops, Stamps stamps) implements NextHops {
        @Override
        public long lookup(int destination) {
            stamps.applied(SyncBenchOptions.connection(destination), System.nanoTime());
            return hops.lookup(destination);
        }

        @Override
        public long lookup(long destinationHigh, long destinationLow) {
            return hops.lookup(destinationHigh, destinationLow);
        }

        @Override
        public long route(int destination) {
            return hops.route(destination);
        }

        @Override
        public long route(long destinationHigh, long destinationLow) {
            return hops.route(destinationHigh, destinationLow);
        }

        @Override
        public long generation() {
            return hops.generation();
        }
    }
}
