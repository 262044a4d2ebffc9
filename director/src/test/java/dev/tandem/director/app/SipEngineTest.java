package dev.tandem.director.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.conn.EngineData;
import dev.tandem.director.conn.PersistenceEngine;
import dev.tandem.director.conn.PersistenceEngine.Result;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.testing.PacketBuilder;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Call-IDs in SIP messages; \ stands for CR LF, / for LF. */
class SipEngineTest {
    private final Arena arena = Arena.ofAuto();
    private final AppCounters counters = new AppCounters();

    @ParameterizedTest
    @CsvSource({
        "'INVITE sip:x SIP/2.0\\Call-ID: a84b4c@pc33.example\\', a84b4c@pc33.example",
        "'INVITE\\call-id:a@b\\Via: x\\',         a@b",
        "'INVITE\\CALL-ID : a@b\\',               a@b",
        "'INVITE\\i: short\\',                    short",
        "'INVITE\\I  :  short@h\\',               short@h",
        "'INVITE|Call-ID: by-lf|',                by-lf",
        "'INVITE\\id: x\\Call-ID: y\\',           y",
        "'INVITE\\ Call-ID: folded\\i: z\\',      z",
        "'INVITE\\Call-ID: -.!%*_+`~()<>:/[]?{}\\', -.!%*_+`~()<>:/[]?{}",
        "'Call-ID: first-line\\',                 ",
        "'INVITE\\Call-ID: unended',              ",
        "'INVITE\\Call-ID: a@\\',                 ",
        "'INVITE\\Call-ID: a b\\',                ",
        "'INVITE\\Call-ID: \\',                   ",
        "'INVITE\\Call-ID a\\',                   ",
        "'INVITE\\Call-ID',                       ",
        "'INVITE\\Call-ID:',                      ",
        "'INVITE\\i',                             ",
        "'INVITE\\',                              ",
        "'',                                      ",
    })
    void shouldFindTheCallId(String message, String expected) {
        String text = message.replace("\\", "\r\n").replace("|", "\n");
        EngineData data = new EngineData();
        Result result = engine("sip").fill(packet(text), data);

        assertEquals(expected == null ? Result.REFUSED : Result.FOUND, result);
        assertEquals(expected == null ? 0 : 1, counters.sipFound());
        assertEquals(expected == null ? 1 : 0, counters.sipRefused());
        assertEquals(
                expected == null ? "" : expected,
                new String(data.data(), StandardCharsets.US_ASCII));
        assertEquals(
                expected == null ? "" : "sip", new String(data.name(), StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({"255, FOUND", "256, BY_ADDRESS"})
    void shouldTakeUpTo255Bytes(int length, Result expected) {
        EngineData data = new EngineData();
        Packet packet = packet("INVITE\r\ni: " + "x".repeat(length) + "\r\n");

        assertEquals(expected, engine("sip-or-address").fill(packet, data));
        assertEquals(expected == Result.FOUND ? length : 0, data.dataLength());
    }

    @Test
    void shouldRefuseWhatIsNotUdp() {
        Packet packet = packet("INVITE\r\ni: x\r\n");
        packet.protocol = 6;

        assertEquals(Result.REFUSED, engine("sip").fill(packet, new EngineData()));
        assertEquals(Set.of("sip", "sip-or-address"), SipEngine.all(counters).keySet());
    }

    private PersistenceEngine engine(String name) {
        return Objects.requireNonNull(SipEngine.all(counters).get(name));
    }

    private Packet packet(String text) {
        byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        PacketBuilder builder =
                PacketBuilder.udp("10.0.0.1", 5060, "10.0.0.2", 5060, payload.length);
        for (int i = 0; i < payload.length; i++) {
            builder.with(8 + i, payload[i]);
        }
        byte[] bytes = builder.build();
        long frame = arena.allocate(bytes.length).address() + PacketBuilder.VNET;
        for (int i = 0; i < bytes.length; i++) {
            Memory.putByte(frame - PacketBuilder.VNET + i, bytes[i]);
        }
        Frame packet = new Frame();
        assertEquals(null, packet.parse(frame, bytes.length - PacketBuilder.VNET));
        return packet;
    }
}
