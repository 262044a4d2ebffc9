package dev.tandem.director.forward;

import static dev.tandem.director.testing.PacketBuilder.tcp;
import static dev.tandem.director.testing.PathFixture.ACK;
import static dev.tandem.director.testing.PathFixture.CLIENT;
import static dev.tandem.director.testing.PathFixture.VIP;
import static dev.tandem.director.testing.PathFixture.fromClient;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.testing.PathFixture;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Only what goes through the FTP helper is dropped for a wrong checksum. */
class FtpPortsTest {
    static Stream<Arguments> ports() {
        return Stream.of(
                Arguments.of(List.of(21, 80), true),
                Arguments.of(List.of(80), true),
                Arguments.of(List.of(21), false),
                Arguments.of(List.of(), false));
    }

    @ParameterizedTest
    @MethodSource("ports")
    void shouldHelpConnectionsToThesePortsAlone(List<Integer> ftpPorts, boolean helped) {
        try (PathFixture fixture = new PathFixture(true, ftpPorts).owning().connected()) {
            byte[] frame = fromClient(tcp(CLIENT, 40000, VIP, 80, ACK, 9)).build();
            frame[frame.length - 1] ^= 0x55;
            fixture.receive(fixture.outside, frame);

            assertEquals(helped ? Map.of(DropReason.APP, 1L) : Map.of(), fixture.counters.drops());
            assertEquals(helped ? 1 : 0, fixture.appCounters.badChecksums());
        }
    }
}
