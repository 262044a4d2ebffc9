package dev.tandem.failover.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailoverConfigTest {

    @Test
    void shouldFindNothingWrongWithTheDefaults() throws Exception {
        assertEquals(List.of(), config("a", 8850, 100, 200, "b", "10.0.0.2").problems());
    }

    @Test
    void shouldSayAllThatIsWrongAtOnce() throws Exception {
        assertEquals(
                List.of(
                        "two nodes are called a",
                        "two nodes have the address 10.0.0.1",
                        "heartbeat-port is 0, but must be 1 to 65535",
                        "priority is 255, but must be 1 to 254",
                        "lease-ms is 251, but must be 1 to 250: 50 ms before a backup takes over"
                                + " (heartbeat-interval-ms times heartbeat-count is 300)"),
                config("a", 0, 255, 251, "a", "10.0.0.1").problems());
    }

    @Test
    void shouldEndTheLeaseAnIntervalBeforeATakeoverWhereNobodyVotes() throws Exception {
        assertEquals(200, config("a", 8850, 100, 200, "b", "10.0.0.2", 100, 3, "").maxLeaseMs());
        assertEquals(250, config("a", 8850, 100, 200, "b", "10.0.0.2", 100, 3, "b").maxLeaseMs());
    }

    @Test
    void shouldRefuseAGatewayBesideAWitnessAndWithAShortLease() throws Exception {
        String problems =
                config("a", 8850, 100, 59, "b", "10.0.0.2", 50, 6, "b").problems().toString();
        assertTrue(problems.contains("gateway and witness: only one of them"), problems);
        assertTrue(problems.contains("lease-ms is 59, but must be 60 to 250"), problems);
    }

    @Test
    void shouldAskTheGatewayEightTimesInALease() throws Exception {
        FailoverConfig config = config("a", 8850, 100, 200, "b", "10.0.0.2");
        assertEquals(25, config.gatewayIntervalMs());
        assertEquals(20, config("a", 8850, 100, 60, "b", "10.0.0.2").gatewayIntervalMs());
    }

    private static FailoverConfig config(
            String node, int port, int priority, int leaseMs, String peer, String peerAddress)
            throws Exception {
        return config(node, port, priority, leaseMs, peer, peerAddress, 50, 6, "");
    }

    private static FailoverConfig config(
            String node,
            int port,
            int priority,
            int leaseMs,
            String peer,
            String peerAddress,
            int intervalMs,
            int count,
            String witness)
            throws Exception {
        return new FailoverConfig(
                "demo",
                node,
                InetAddress.getByName("10.0.0.1"),
                port,
                8851,
                priority,
                false,
                60_000,
                null,
                intervalMs,
                count,
                leaseMs,
                200,
                List.of(new FailoverConfig.Peer(peer, InetAddress.getByName(peerAddress))),
                witness,
                null,
                List.of(),
                List.of(),
                witness.isEmpty() ? null : InetAddress.getByName("10.0.0.9"));
    }
}
