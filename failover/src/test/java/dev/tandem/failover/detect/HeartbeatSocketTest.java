package dev.tandem.failover.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.failover.core.Event;
import dev.tandem.failover.core.State;
import dev.tandem.failover.core.Vote;
import dev.tandem.failover.detect.HeartbeatCodec.Verdict;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HeartbeatSocketTest {
    private static final int PORT = 19_850 + (int) (ProcessHandle.current().pid() % 100);
    private static final HeartbeatCodec CODEC_OF_A =
            new HeartbeatCodec("demo", "a", List.of("b"), List.of());
    private static final HeartbeatCodec CODEC_OF_B =
            new HeartbeatCodec("demo", "b", List.of("a"), List.of());

    private final List<Event.Heartbeat> heard = new ArrayList<>();

    private static HeartbeatSocket open(HeartbeatCodec codec, int own, int peer)
            throws IOException {
        return HeartbeatSocket.open(
                codec, loopback(own), PORT, List.of(new InetSocketAddress(loopback(peer), PORT)));
    }

    private static InetAddress loopback(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    private void drainUntil(HeartbeatSocket socket, Verdict verdict, long count)
            throws IOException {
        while (socket.counters().received(verdict) < count) {
            socket.await(100);
            socket.drain(heard::add);
        }
    }

    @Test
    void shouldHearThePeerInTheOrderOfSending() throws IOException {
        try (HeartbeatSocket a = open(CODEC_OF_A, 31, 32);
                HeartbeatSocket b = open(CODEC_OF_B, 32, 31)) {
            for (int sequence = 1; sequence <= 3; sequence++) {
                a.send(heartbeat("a", State.BACKUP, 100, 1, sequence, 2, 3, 4));
            }
            drainUntil(b, Verdict.ACCEPTED, 3);
            assertEquals(
                    List.of(1L, 2L, 3L), heard.stream().map(Event.Heartbeat::sequence).toList());
            assertEquals(3, a.counters().sent());
        }
    }

    @Test
    void shouldCountAndSurviveWhatIsNoHeartbeat() throws IOException {
        try (HeartbeatSocket a = open(CODEC_OF_A, 33, 34);
                HeartbeatSocket b = open(CODEC_OF_B, 34, 33);
                DatagramSocket stranger = new DatagramSocket(0, loopback(35))) {
            for (int length : new int[] {0, 1, 49, 112, 113, 1_400, 60_000}) {
                stranger.send(new DatagramPacket(new byte[length], length, loopback(34), PORT));
            }
            a.send(heartbeat("a", State.BACKUP, 100, 1, 1, 2, 3, 4));
            drainUntil(b, Verdict.ACCEPTED, 1);
            assertEquals(1, heard.size());
            assertEquals(7, b.counters().received(Verdict.WRONG_LENGTH, Verdict.WRONG_MAGIC));
        }
    }

    @Test
    void shouldNotBelieveAPeersNameFromAnotherAddress() throws IOException {
        try (HeartbeatSocket impostor = open(CODEC_OF_A, 36, 37);
                HeartbeatSocket b = open(CODEC_OF_B, 37, 38)) {
            impostor.send(heartbeat("a", State.MASTER, 254, 1, 1, 99, 0, 0));
            while (b.counters().received(Verdict.WRONG_SENDER) == 0) {
                b.await(100);
                b.drain(heard::add);
            }
            assertTrue(heard.isEmpty());
        }
    }

    @Test
    void shouldRefuseToOpenASecondTime() throws IOException {
        try (HeartbeatSocket _ = open(CODEC_OF_A, 39, 40)) {
            IOException thrown =
                    assertThrows(IOException.class, () -> open(CODEC_OF_A, 39, 40).close());
            assertTrue(String.valueOf(thrown.getMessage()).contains("127.0.0.39"));
        }
    }

    private static Event.Heartbeat heartbeat(
            String node,
            State state,
            int priority,
            long incarnation,
            long sequence,
            long epoch,
            int connections,
            int lag) {
        return new Event.Heartbeat(
                node,
                incarnation,
                sequence,
                state,
                epoch,
                priority,
                true,
                false,
                lag,
                connections,
                0,
                Vote.NONE);
    }
}
