package dev.tandem.tools.bench.sync;

import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.demo.lab.Lab;
import java.io.IOException;

/** Clients that open a number of connections by way of a lab's first director. */
public final class Clients {
    /** Where they are; the directors need a way there. */
    public static final String NETWORK = SyncBenchOptions.CLIENTS;

    /** The service that they connect to. */
    public static final int PORT = SyncBenchOptions.PORT;

    private static final int RATE = 40_000;

    private final Lab lab;
    private final int connections;

    public Clients(Lab lab, int connections) {
        this.lab = lab;
        this.connections = connections;
    }

    /** Opens them, and returns when each has sent its third packet. */
    public void open() throws IOException, InterruptedException {
        int seconds = (connections + RATE - 1) / RATE;
        int rate = (connections + seconds - 1) / seconds;
        var options = new SyncBenchOptions(rate, seconds, 0, Mode.OFF);
        var stamps = new Stamps(lab.directory().resolve("stamps"), options.connections());
        stamps.clear();
        try (var generator = new Generator(lab.client(), options, stamps)) {
            generator.finish();
        }
    }
}
