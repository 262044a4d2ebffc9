package dev.tandem.tools.bench.sync;

import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.tools.demo.lab.LabPlan;

/**
 * What is to be measured.
 *
 * @param rate new connections a second
 * @param seconds how long it is measured
 * @param warmUpSeconds how long the same load runs before, unmeasured
 * @param hardening of the sync link
 */
public record SyncBenchOptions(int rate, int seconds, int warmUpSeconds, Mode hardening) {
    /** Clients' addresses are 100.64.0.0/10 (RFC 6598): so many, one for each connection. */
    public static final int MAX_CONNECTIONS = 1 << 22;

    /** The network of the clients, one of which opens each connection. */
    static final String CLIENTS = "100.64.0.0/10";

    private static final int FIRST_CLIENT = 0x64400000;

    /** The service that they connect to, on {@link LabPlan#VIRTUAL}. */
    static final int PORT = 80;

    /** Connections before the measurement. */
    int warmUpConnections() {
        return rate * warmUpSeconds;
    }

    /** Connections in all. */
    int connections() {
        return rate * (warmUpSeconds + seconds);
    }

    /** The address of the client that opens a connection. */
    static int client(int connection) {
        return FIRST_CLIENT + connection;
    }

    /** The connection that a client opens, or -1 for other hosts. */
    static int connection(int client) {
        int connection = client - FIRST_CLIENT;
        return connection >= 0 && connection < MAX_CONNECTIONS ? connection : -1;
    }
}
