package dev.tandem.director.conn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.packet.Tcp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every cell of the kernel's normal TCP tables, and whole connections as traces. */
class TcpStateMachineTest {
    private static final List<String> CODES =
            List.of("NO", "ES", "SS", "SR", "FW", "TW", "CL", "CW", "LA", "LI", "SA");
    private static final List<String> DIRECTIONS = List.of("INPUT", "OUTPUT", "INPUT_ONLY");

    @ParameterizedTest
    @CsvSource({
        "INPUT,      SYN, SR ES ES SR SR SR SR SR SR SR SR",
        "INPUT,      FIN, CL CW SS TW TW TW CL CW LA LI TW",
        "INPUT,      ACK, ES ES SS ES FW TW CL CW CL LI ES",
        "INPUT,      RST, CL CL CL SR CL CL CL CL LA LI SR",
        "OUTPUT,     SYN, SS ES SS SR SS SS SS SS SS LI SR",
        "OUTPUT,     FIN, TW FW SS TW FW TW CL TW LA LI TW",
        "OUTPUT,     ACK, ES ES SS ES FW TW CL CW LA ES ES",
        "OUTPUT,     RST, CL CL SS CL CL TW CL CL CL CL CL",
        "INPUT_ONLY, SYN, SR ES ES SR SR SR SR SR SR SR SR",
        "INPUT_ONLY, FIN, CL FW SS TW FW TW CL CW LA LI TW",
        "INPUT_ONLY, ACK, ES ES SS ES FW TW CL CW CL LI ES",
        "INPUT_ONLY, RST, CL CL CL SR CL CL CL CL LA LI CL",
    })
    void shouldGoToTheKernelsNextState(String direction, String event, String row) {
        assertRow(false, direction, event, row);
    }

    @ParameterizedTest
    @CsvSource({
        "INPUT,      SYN, SR ES ES SR SR SR SR SR SR SR SA",
        "INPUT,      FIN, CL CW SS TW TW TW CL CW LA LI SA",
        "INPUT,      ACK, ES ES SS SR FW TW CL CW CL LI SA",
        "INPUT,      RST, CL CL CL SR CL CL CL CL LA LI CL",
        "OUTPUT,     SYN, SS ES SS SA SS SS SS SS SS LI SA",
        "OUTPUT,     FIN, TW FW SS TW FW TW CL TW LA LI TW",
        "OUTPUT,     ACK, ES ES SS ES FW TW CL CW LA ES ES",
        "OUTPUT,     RST, CL CL SS CL CL TW CL CL CL CL CL",
        "INPUT_ONLY, SYN, SA ES ES SR SA SA SA SA SA SA SA",
        "INPUT_ONLY, FIN, CL FW SS TW FW TW CL CW LA LI TW",
        "INPUT_ONLY, ACK, ES ES SS ES FW TW CL CW CL LI ES",
        "INPUT_ONLY, RST, CL CL CL SR CL CL CL CL LA LI CL",
    })
    void shouldGoToTheKernelsNextStateWhenSecure(String direction, String event, String row) {
        assertRow(true, direction, event, row);
    }

    private static void assertRow(boolean secure, String direction, String event, String row) {
        String[] cells = row.split(" ", -1);
        for (int state = 0; state < CODES.size(); state++) {
            assertEquals(cells[state], next(secure, direction, flags(event), CODES.get(state)));
        }
    }

    /** The tables above are written in the order of these numbers. */
    @Test
    void shouldNumberTheDirectionsLikeTheKernel() {
        assertEquals(0, TcpStateMachine.INPUT);
        assertEquals(1, TcpStateMachine.OUTPUT);
        assertEquals(2, TcpStateMachine.INPUT_ONLY);
    }

    @Test
    void shouldDecideByTheFirstOfRstSynFinAckWhenSeveralAreSet() {
        int all = Tcp.RST | Tcp.SYN | Tcp.FIN | Tcp.ACK;

        assertEquals("CL", next("INPUT", all, "NO"));
        assertEquals("SR", next("INPUT", Tcp.SYN | Tcp.FIN | Tcp.ACK, "NO"));
        assertEquals("CW", next("INPUT", Tcp.FIN | Tcp.ACK, "ES"));
    }

    @Test
    void shouldCloseWhenNoneOfTheFourFlagsIsSet() {
        for (String direction : DIRECTIONS) {
            for (String state : CODES) {
                assertEquals("CL", next(direction, 0, state));
                assertEquals("CL", next(direction, 0x08 | 0x20 | 0xC0, state));
            }
        }
    }

    @Test
    void shouldIgnoreTheOtherFlags() {
        assertEquals("ES", next("INPUT", Tcp.ACK | 0x08 | 0x20 | 0xC0, "SR"));
    }

    @ParameterizedTest
    @CsvSource({
        "NAT, c SYN|s SYN+ACK|c ACK|c FIN|s FIN|c ACK, SR SR ES CW TW TW",
        "NAT, c SYN|s SYN+ACK|c ACK|s FIN|c FIN|s ACK, SR SR ES FW TW TW",
        "NAT, c SYN|s RST,                             SR CL",
        "DR,  c SYN|c ACK|c FIN|c ACK,                 SR ES FW FW",
        "DR,  c SYN|c ACK|c RST,                       SR ES CL",
        "NAT, c ACK,                                   ES",
    })
    void shouldFollowAConnection(String method, String packets, String states) {
        assertTrace(false, method, packets, states);
    }

    @ParameterizedTest
    @CsvSource({
        "NAT, c SYN|c ACK,                 SR SR",
        "NAT, c SYN|s SYN+ACK|c ACK|s ACK, SR SA SA ES",
        "DR,  c SYN|c ACK,                 SA ES",
    })
    void shouldFollowAConnectionWhenSecure(String method, String packets, String states) {
        assertTrace(true, method, packets, states);
    }

    private static void assertTrace(boolean secure, String method, String packets, String states) {
        String state = "NO";
        StringBuilder seen = new StringBuilder();
        for (String packet : packets.split("\\|", -1)) {
            String input = method.equals("NAT") ? "INPUT" : "INPUT_ONLY";
            String direction = packet.startsWith("c") ? input : "OUTPUT";
            state = next(secure, direction, flags(packet.substring(2)), state);
            seen.append(seen.isEmpty() ? "" : " ").append(state);
        }

        assertEquals(states, seen.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, 0, 2, false",
        "ESTABLISHED, 1, 900, true",
        "SYN_SENT, 2, 120, true",
        "SYN_RECV, 3, 60, true",
        "FIN_WAIT, 4, 120, false",
        "TIME_WAIT, 5, 120, false",
        "CLOSE, 6, 10, false",
        "CLOSE_WAIT, 7, 60, false",
        "LAST_ACK, 8, 30, false",
        "LISTEN, 9, 120, false",
        "SYNACK, 10, 120, true",
    })
    void shouldHaveTheKernelsNumberTimeoutAndActivity(
            TcpState state, int code, int timeoutSeconds, boolean active) {
        assertEquals(code, state.code());
        assertEquals(timeoutSeconds, DirectorSettings.DEFAULT.tcpTimeoutSeconds(code));
        assertEquals(active, TcpStateMachine.isActive(code));
    }

    private static String next(String direction, int flags, String state) {
        return next(false, direction, flags, state);
    }

    private static String next(boolean secure, String direction, int flags, String state) {
        return CODES.get(
                TcpStateMachine.next(
                        secure, DIRECTIONS.indexOf(direction), flags, CODES.indexOf(state)));
    }

    private static int flags(String event) {
        return switch (event) {
            case "SYN" -> Tcp.SYN;
            case "SYN+ACK" -> Tcp.SYN | Tcp.ACK;
            case "FIN" -> Tcp.FIN | Tcp.ACK;
            case "ACK" -> Tcp.ACK;
            case "RST" -> Tcp.RST;
            default -> throw new IllegalArgumentException(event);
        };
    }
}
