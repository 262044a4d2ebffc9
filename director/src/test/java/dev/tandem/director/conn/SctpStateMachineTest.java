package dev.tandem.director.conn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.packet.Packet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every cell of the kernel's SCTP tables, and which event a packet's chunks are. */
class SctpStateMachineTest {
    private static final List<String> CODES =
            List.of(
                    "NO", "I1", "IN", "CS", "CR", "CW", "CO", "CE", "ES", "SS", "SR", "SA", "RJ",
                    "CL");
    private static final List<String> DIRECTIONS = List.of("INPUT", "OUTPUT", "INPUT_ONLY");
    private static final List<String> EVENTS =
            List.of(
                    "DATA",
                    "INIT",
                    "INIT_ACK",
                    "COOKIE_ECHO",
                    "COOKIE_ACK",
                    "SHUTDOWN",
                    "SHUTDOWN_ACK",
                    "SHUTDOWN_COMPLETE",
                    "ERROR",
                    "ABORT");

    @ParameterizedTest
    @CsvSource({
        "INPUT, DATA,              ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "INPUT, INIT,              I1 IN IN CS CR CW CO CE ES SS SR SA IN IN",
        "INPUT, INIT_ACK,          CW CW CW CS CR CO CO CE ES SS SR SA RJ CL",
        "INPUT, COOKIE_ECHO,       CR IN IN CR CR CW CO CE ES SS SR SA RJ CL",
        "INPUT, COOKIE_ACK,        ES I1 IN CS CR CW CO ES ES SS SR SA RJ CL",
        "INPUT, SHUTDOWN,          SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL",
        "INPUT, SHUTDOWN_ACK,      CL IN IN CS CR CW CO CE ES CL SR CL RJ CL",
        "INPUT, SHUTDOWN_COMPLETE, CL CL CL CS CR CW CO CE ES SS SR CL RJ CL",
        "INPUT, ERROR,             CL I1 IN CS CR CW CO CL ES SS SR SA RJ CL",
        "INPUT, ABORT,             CL CL CL CL CL RJ CL CL CL CL CL CL CL CL",
        "OUTPUT, DATA,              ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "OUTPUT, INIT,              CW CW CW CW CW CW CW CW ES CW CW CW CW CW",
        "OUTPUT, INIT_ACK,          CS CS CS CS CR CW CO CE ES SS SR SA RJ CL",
        "OUTPUT, COOKIE_ECHO,       CE CE CE CE CE CE CE CE ES SS SR SA RJ CL",
        "OUTPUT, COOKIE_ACK,        ES ES ES ES ES ES ES ES ES SS SR SA RJ CL",
        "OUTPUT, SHUTDOWN,          SS SS SS SS SS SS SS SS SS SS SR SA RJ CL",
        "OUTPUT, SHUTDOWN_ACK,      SA SA SA SA SA CW CO CE ES SA SA SA RJ CL",
        "OUTPUT, SHUTDOWN_COMPLETE, CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "OUTPUT, ERROR,             CL CL CL CL CL CW CO CE ES SS SR SA RJ CL",
        "OUTPUT, ABORT,             CL RJ CL CL CL CL CL CL CL CL CL CL CL CL",
        "INPUT_ONLY, DATA,              ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL",
        "INPUT_ONLY, INIT,              I1 IN IN IN IN IN CO CE ES SS SR SA IN IN",
        "INPUT_ONLY, INIT_ACK,          CE CE CE CE CE CE CO CE ES SS SR SA RJ CL",
        "INPUT_ONLY, COOKIE_ECHO,       ES ES ES ES ES ES CO CE ES SS SR SA RJ CL",
        "INPUT_ONLY, COOKIE_ACK,        ES I1 IN ES ES CW ES ES ES SS SR SA RJ CL",
        "INPUT_ONLY, SHUTDOWN,          SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL",
        "INPUT_ONLY, SHUTDOWN_ACK,      CL IN IN CS CR CW CO CE CL CL SR CL RJ CL",
        "INPUT_ONLY, SHUTDOWN_COMPLETE, CL CL CL CL CL CW CO CE ES SS CL CL RJ CL",
        "INPUT_ONLY, ERROR,             CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL",
        "INPUT_ONLY, ABORT,             CL CL CL CL CL RJ CL CL CL CL CL CL CL CL",
    })
    void shouldGoToTheKernelsNextState(String direction, String event, String row) {
        String[] cells = row.split(" ", -1);
        for (int state = 0; state < CODES.size(); state++) {
            int next =
                    SctpStateMachine.next(
                            DIRECTIONS.indexOf(direction), EVENTS.indexOf(event), state);
            assertEquals(cells[state], CODES.get(next), CODES.get(state));
        }
    }

    /** Behind a common header of 12 bytes; chunks as type, flags, length. */
    @ParameterizedTest
    @CsvSource({
        "00000010, DATA",
        "03000010, DATA",
        "04000008, DATA",
        "05000008, DATA",
        "0c000008, DATA",
        "0d000004, DATA",
        "0f000004, DATA",
        "82000004, DATA",
        "ff000004, DATA",
        "01000014, INIT",
        "02000014, INIT_ACK",
        "06000004, ABORT",
        "07000008, SHUTDOWN",
        "08000004, SHUTDOWN_ACK",
        "09000004, ERROR",
        "0a000008 00000000, COOKIE_ECHO",
        "0b000004, COOKIE_ACK",
        "0e000004, SHUTDOWN_COMPLETE",
        // bundled: the next chunk begins at a multiple of four
        "0b000004 06000004, ABORT",
        "0a000008 11223344 06000004, ABORT",
        "0a000007 11223344 06000004, ABORT",
        "0a000006 11220000 06000004, ABORT",
        "0a000008 11223344 00000010, COOKIE_ECHO",
        "0a000009 11223344 06000004, COOKIE_ECHO",
        // only those two are looked behind
        "00000004 06000004, DATA",
        "01000004 06000004, INIT",
        // lengths that lie
        "0b000000 06000004, COOKIE_ACK",
        "0b000003 06000004, COOKIE_ACK",
        "0bffff04 06000004, COOKIE_ACK",
        "0b00ffff 06000004, COOKIE_ACK",
        "0b000004 060000, COOKIE_ACK",
        "01000c, ''",
        "'', ''",
    })
    void shouldTakeTheFirstChunkAsTheEvent(String chunks, String event) {
        byte[] bytes = HexFormat.of().parseHex("00".repeat(12) + chunks.replace(" ", ""));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            Packet packet = new Packet();
            packet.transport = segment.address();
            packet.transportLength = bytes.length;
            assertEquals(
                    event.isEmpty() ? SctpStateMachine.NO_EVENT : EVENTS.indexOf(event),
                    SctpStateMachine.event(packet));
        }
    }
}
