package dev.tandem.tools.demo.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.BitSet;

/**
 * A UDP flow beside the connections: nobody repeats what it loses, so its silence is the true
 * outage, to the millisecond. Only the load's thread uses it while the load runs.
 */
final class DatagramFlow {
    static final long INTERVAL_NS = 10_000_000;
    private static final long LATE_NS = 50_000_000;
    private static final int FLOW = -1;

    private final DatagramChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
    private final BitSet answered = new BitSet();
    private long baseNs;
    private int sent;
    private int late;
    private int corrupt;
    private long lastEchoNs;
    private long longestSilenceNs;

    DatagramFlow(DatagramChannel channel) {
        this.channel = channel;
    }

    void begin(long nowNs) {
        baseNs = nowNs;
        lastEchoNs = nowNs;
    }

    /** Sends what is due. */
    void send(long nowNs) {
        while (baseNs + sent * INTERVAL_NS - nowNs <= 0) {
            buffer.clear();
            Message.put(buffer, FLOW, Message.CLIENT, sent++);
            try {
                channel.write(buffer.flip());
            } catch (IOException _) {
                // not sent is not answered: it counts as lost
            }
        }
    }

    /**
     * Reads the echoes that are there.
     *
     * @param faulted whether the fault has happened: only silences that end later are of interest
     */
    void receive(long nowNs, boolean faulted) {
        try {
            for (buffer.clear(); channel.read(buffer) > 0; buffer.clear()) {
                onEcho(buffer.flip(), nowNs, faulted);
            }
        } catch (IOException _) {
            // an ICMP error came for a datagram: it counts as lost
        }
    }

    private void onEcho(ByteBuffer echo, long nowNs, boolean faulted) {
        int server = Message.sender(echo, 0);
        long sequence = Message.sequence(echo, 0);
        if (echo.remaining() != Message.LENGTH
                || server == Message.CLIENT
                || sequence < 0
                || sequence >= sent
                || !Message.matches(echo, 0, FLOW, server, sequence)) {
            corrupt++;
            return;
        }
        answered.set((int) sequence);
        if (nowNs - (baseNs + sequence * INTERVAL_NS) > LATE_NS) {
            late++;
        }
        if (faulted) {
            longestSilenceNs = Math.max(longestSilenceNs, nowNs - lastEchoNs);
        }
        lastEchoNs = nowNs;
    }

    int sent() {
        return sent;
    }

    int answered() {
        return answered.cardinality();
    }

    /** Sends no more; a silence that has not ended ends now. */
    void end(long nowNs) {
        if (answered() < sent) {
            longestSilenceNs = Math.max(longestSilenceNs, nowNs - lastEchoNs);
        }
    }

    LoadResult.Datagrams result() {
        return new LoadResult.Datagrams(
                sent, sent - answered(), late, corrupt, longestSilenceNs / 1_000_000);
    }
}
