package dev.tandem.director.forward;

import static dev.tandem.director.testing.PathFixture.CLIENT_HW;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.DR_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.INSIDE_HW;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.OUTSIDE_HW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.io.MemoryPort;
import dev.tandem.director.testing.PacketBuilder;
import dev.tandem.director.testing.PathFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row of a packet table: a frame that comes in, and the frame that goes out, the reason for
 * dropping it, or both when a dropped packet is answered.
 */
record PacketCase(
        String name,
        boolean arrivesOutside,
        PacketBuilder input,
        Optional<DropReason> reason,
        Optional<PacketBuilder> output,
        boolean leavesOutside) {

    /** From the client; what leaves is named by {@link #toNatServer} and its like. */
    static PacketCase fromClient(String name, PacketBuilder input) {
        return new PacketCase(
                name,
                true,
                PathFixture.fromClient(input),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    static PacketCase fromServer(String name, PacketBuilder input) {
        return new PacketCase(
                name,
                false,
                PathFixture.fromServer(input),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    PacketCase toNatServer(PacketBuilder expected) {
        return leaves(expected.hardware(INSIDE_HW, NAT_SERVER_HW), false);
    }

    PacketCase toDrServer(PacketBuilder expected) {
        return leaves(expected.hardware(INSIDE_HW, DR_SERVER_HW), false);
    }

    PacketCase toDnsServer(PacketBuilder expected) {
        return leaves(expected.hardware(INSIDE_HW, DNS_SERVER_HW), false);
    }

    PacketCase toClient(PacketBuilder expected) {
        return leaves(expected.hardware(OUTSIDE_HW, CLIENT_HW), true);
    }

    PacketCase dropped(DropReason why) {
        return new PacketCase(name, arrivesOutside, input, Optional.of(why), output, leavesOutside);
    }

    private PacketCase leaves(PacketBuilder expected, boolean outside) {
        return new PacketCase(name, arrivesOutside, input, reason, Optional.of(expected), outside);
    }

    /** Sends the frame through and compares byte by byte. */
    void verify(PathFixture fixture) {
        fixture.receive(arrivesOutside ? fixture.outside : fixture.inside, input.build());
        List<PathFixture.Sent> sent = fixture.takeSent();
        assertEquals(
                reason.map(why -> Map.of(why, 1L)).orElse(Map.of()),
                fixture.counters.drops(),
                "drop reasons");
        assertEquals(output.isPresent() ? 1 : 0, sent.size(), "frames sent");
        if (output.isPresent()) {
            MemoryPort port = leavesOutside ? fixture.outside : fixture.inside;
            assertEquals(port.name(), sent.getFirst().port().name(), "port");
            assertArrayEquals(output.get().build(), sent.getFirst().frame(), "frame");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
