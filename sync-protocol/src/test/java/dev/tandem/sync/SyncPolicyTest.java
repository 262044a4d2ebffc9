package dev.tandem.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Connections played packet by packet against the kernel's rule. One client packet a step; the
 * first is the SYN, the last the FIN.
 */
class SyncPolicyTest {
    private static final long START_MS = 123_456_789;
    private static final long SYN_RECV_MS = 60_000;
    private static final long ESTABLISHED_MS = 900_000;
    private static final long FIN_WAIT_MS = 120_000;
    private static final long UDP_MS = 300_000;
    private static final long TEMPLATE_MS = 300_000;

    /** An entry as far as the policy knows it. */
    private static final class Entry {
        private final SyncPolicy policy;
        private final int protocol;
        private final boolean template;
        private final boolean underTemplate;
        private long syncEndMs = SyncPolicy.initialSyncEnd(START_MS);
        private int syncedState;

        Entry(SyncPolicy policy, int protocol, boolean template) {
            this(policy, protocol, template, false);
        }

        Entry(SyncPolicy policy, int protocol, boolean template, boolean underTemplate) {
            this.underTemplate = underTemplate;
            this.policy = policy;
            this.protocol = protocol;
            this.template = template;
        }

        boolean packet(int packets, int state, long timeoutMs, long nowMs) {
            long decision =
                    policy.decide(
                            protocol,
                            template,
                            underTemplate,
                            state,
                            syncedState,
                            packets,
                            syncEndMs,
                            timeoutMs,
                            nowMs);
            return sent(decision, state);
        }

        boolean serverPacket(int state, long timeoutMs, long nowMs) {
            long decision =
                    policy.decideServerPacket(
                            protocol, underTemplate, state, syncedState, timeoutMs, nowMs);
            return sent(decision, state);
        }

        private boolean sent(long decision, int state) {
            if (decision == SyncPolicy.SKIP) {
                return false;
            }
            syncEndMs = decision;
            syncedState = state;
            return true;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3, 50,  0, 0, 1000, 130, 3 53 103 130",
        "0,  1,  0, 0, 1000,  12, 2 3 4 5 6 7 8 9 10 11 12",
        "3,  0,  0, 0, 1000,  20, 3 20",
        "3,  0, 10, 0, 1000,  45, 2 12 22 32 42 45",
        "3,  0, 10, 2, 1000,  45, 2 4 6 17 19 21 32 34 36 45",
        "3,  0, 10, 1,  100, 250, 2 15 116 129 230 243 250",
        "3, 50, 10, 0, 1000, 130, 3 53 103 130"
    })
    void shouldSendTcpAtThesePackets(
            int threshold,
            int period,
            int refresh,
            int retries,
            long stepMs,
            int packets,
            String expected) {
        Entry entry =
                new Entry(
                        new SyncPolicy(threshold, period, refresh, retries), IpProtocol.TCP, false);
        List<String> sent = new ArrayList<>();
        for (int i = 1; i <= packets; i++) {
            int state = SyncState.TCP_ESTABLISHED;
            long timeoutMs = ESTABLISHED_MS;
            if (i == 1) {
                state = SyncState.TCP_SYN_RECV;
                timeoutMs = SYN_RECV_MS;
            } else if (i == packets) {
                state = SyncState.TCP_FIN_WAIT;
                timeoutMs = FIN_WAIT_MS;
            }
            if (entry.packet(i, state, timeoutMs, START_MS + (i - 1) * stepMs)) {
                sent.add(Integer.toString(i));
            }
        }
        assertEquals(expected, String.join(" ", sent));
    }

    @ParameterizedTest
    @CsvSource({
        "3, 50,  0, 5, 1 2 3 4 5",
        "3, 50, 10, 30, 1 11 21",
        "3,  0,  0, 30, 3",
    })
    void shouldSendTemplateAtThesePackets(
            int threshold, int period, int refresh, int packets, String expected) {
        Entry entry = new Entry(new SyncPolicy(threshold, period, refresh, 0), 0, true);
        List<String> sent = new ArrayList<>();
        for (int i = 1; i <= packets; i++) {
            if (entry.packet(i, SyncState.TEMPLATE_NONE, TEMPLATE_MS, START_MS + (i - 1) * 1000L)) {
                sent.add(Integer.toString(i));
            }
        }
        assertEquals(expected, String.join(" ", sent));
    }

    @Test
    void shouldSendUdpByPacketCountAlone() {
        Entry entry = new Entry(SyncPolicy.KERNEL_DEFAULT, IpProtocol.UDP, false);

        List<Integer> sent =
                IntStream.rangeClosed(1, 110)
                        .filter(i -> entry.packet(i, SyncState.UDP_NORMAL, UDP_MS, START_MS + i))
                        .boxed()
                        .toList();

        assertEquals(List.of(3, 53, 103), sent);
    }

    @ParameterizedTest
    @CsvSource({
        "6, 0, false",
        "6, 2, false",
        "6, 3, false",
        "6, 4, true",
        "6, 5, true",
        "6, 6, true",
        "6, 7, true",
        "6, 8, false",
        "6, 9, false",
        "6, 10, false",
        "6, 1, false",
        "132, 1, false",
        "132, 7, false",
        "132, 8, false",
        "132, 9, true",
        "132, 10, true",
        "132, 11, true",
        "132, 12, false",
        "132, 13, true"
    })
    void shouldSendChangeAtOnceInTheseStates(int protocol, int state, boolean sent) {
        Entry entry = new Entry(SyncPolicy.KERNEL_DEFAULT, protocol, false);

        assertEquals(sent, entry.packet(7, state, FIN_WAIT_MS, START_MS));
        assertEquals(false, entry.packet(8, state, FIN_WAIT_MS, START_MS + 1));
    }

    @ParameterizedTest
    @CsvSource({
        // protocol, state, sent at once after a server's packet
        "6, 1, false",
        "6, 2, false",
        "6, 3, false",
        "6, 4, true",
        "6, 5, true",
        "6, 6, true",
        "6, 7, true",
        "6, 8, false",
        "132, 9, true",
        "132, 10, true",
        "132, 13, true",
        "132, 12, false",
        "17, 0, false"
    })
    void shouldSendChangeByTheServerOfWhatThePeerKnows(int protocol, int state, boolean sent) {
        Entry entry = new Entry(SyncPolicy.KERNEL_DEFAULT, protocol, false);
        int established =
                switch (protocol) {
                    case IpProtocol.TCP -> SyncState.TCP_ESTABLISHED;
                    case IpProtocol.SCTP -> SyncState.SCTP_ESTABLISHED;
                    default -> SyncState.UDP_NORMAL;
                };
        assertEquals(true, entry.packet(3, established, ESTABLISHED_MS, START_MS));

        assertEquals(sent, entry.serverPacket(state, FIN_WAIT_MS, START_MS + 1));
        assertEquals(false, entry.serverPacket(state, FIN_WAIT_MS, START_MS + 2));
    }

    @Test
    void shouldNotTellOfAServersResetToAConnectionThatThePeerNeverHeardOf() {
        Entry entry = new Entry(SyncPolicy.KERNEL_DEFAULT, IpProtocol.TCP, false);
        assertEquals(false, entry.packet(1, SyncState.TCP_SYN_RECV, SYN_RECV_MS, START_MS));

        assertEquals(false, entry.serverPacket(SyncState.TCP_CLOSE, 10_000, START_MS + 1));
    }

    @Test
    void shouldSendTheTemplateAloneInPersistMode() {
        SyncPolicy persist = new SyncPolicy(3, 50, 0, 0, true);
        Entry under = new Entry(persist, IpProtocol.TCP, false, true);
        Entry other = new Entry(persist, IpProtocol.TCP, false, false);
        Entry template = new Entry(persist, IpProtocol.TCP, true);

        assertEquals(false, under.packet(3, SyncState.TCP_ESTABLISHED, ESTABLISHED_MS, START_MS));
        assertEquals(false, under.packet(4, SyncState.TCP_FIN_WAIT, FIN_WAIT_MS, START_MS));
        assertEquals(true, other.packet(3, SyncState.TCP_ESTABLISHED, ESTABLISHED_MS, START_MS));
        assertEquals(true, other.packet(4, SyncState.TCP_FIN_WAIT, FIN_WAIT_MS, START_MS));
        assertEquals(true, template.packet(1, SyncState.TEMPLATE_NONE, TEMPLATE_MS, START_MS));

        under.syncedState = SyncState.TCP_ESTABLISHED;
        assertEquals(false, under.serverPacket(SyncState.TCP_CLOSE, FIN_WAIT_MS, START_MS));
        assertEquals(true, other.serverPacket(SyncState.TCP_CLOSE, FIN_WAIT_MS, START_MS));
    }

    @Test
    void shouldSendConnectionsUnderATemplateByDefault() {
        Entry under = new Entry(SyncPolicy.KERNEL_DEFAULT, IpProtocol.TCP, false, true);

        assertEquals(true, under.packet(3, SyncState.TCP_ESTABLISHED, ESTABLISHED_MS, START_MS));
    }

    @Test
    void shouldSendNothingInASynFlood() {
        Entry entry = new Entry(new SyncPolicy(0, 1, 0, 0), IpProtocol.TCP, false);
        for (int i = 1; i < 200; i++) {
            assertEquals(false, entry.packet(i, SyncState.TCP_SYN_RECV, SYN_RECV_MS, START_MS + i));
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 50, 0, 0", "3, -1, 0, 0", "3, 50, -1, 0", "3, 50, 0, 4"})
    void shouldRefuseSettingsThatTheKernelRefuses(
            int threshold, int period, int refresh, int retries) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new SyncPolicy(threshold, period, refresh, retries));
    }

    @Test
    void shouldTellAThresholdThatIsNeverReached() {
        assertEquals(false, new SyncPolicy(50, 50, 0, 0).isSound());
        assertEquals(true, new SyncPolicy(49, 50, 0, 0).isSound());
        assertEquals(true, new SyncPolicy(3, 0, 0, 0).isSound());
    }
}
