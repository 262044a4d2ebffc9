package dev.tandem.director.forward;

import static dev.tandem.director.testing.PathFixture.CLIENT_HW;
import static dev.tandem.director.testing.PathFixture.DNS_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.DR_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.GUE_PORT;
import static dev.tandem.director.testing.PathFixture.INSIDE_HW;
import static dev.tandem.director.testing.PathFixture.NAT_SERVER_HW;
import static dev.tandem.director.testing.PathFixture.OUTSIDE_HW;
import static dev.tandem.director.testing.PathFixture.TUNNEL_SERVER_HW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.director.io.MemoryPort;
import dev.tandem.director.testing.PacketBuilder;
import dev.tandem.director.testing.PathFixture;
import java.nio.ByteBuffer;
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
    private static final int IP = PacketBuilder.VNET + PacketBuilder.ETHERNET;

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

    PacketCase toTunnelServer(PacketBuilder expected) {
        return leaves(expected.hardware(INSIDE_HW, TUNNEL_SERVER_HW), false);
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
            byte[] frame = sent.getFirst().frame();
            byte[] expected = output.get().build();
            if (isMadeAnew(expected)) {
                frame = withoutIdentification(frame);
                expected = withoutIdentification(expected);
            }
            assertArrayEquals(expected, frame, "frame");
        }
    }

    /** A tunnel's packet over IPv4 has an identification of its own. */
    private static boolean isMadeAnew(byte[] frame) {
        int protocol = frame[IP + 9] & 0xFF;
        boolean gue =
                protocol == 17 && ByteBuffer.wrap(frame).getShort(IP + 22) == (short) GUE_PORT;
        return frame[IP] == 0x45 && (protocol == 4 || protocol == 41 || protocol == 47 || gue);
    }

    /** With identification and header checksum blanked, if it is IPv4. */
    static byte[] withoutIdentification(byte[] frame, boolean ipv4) {
        return ipv4 ? withoutIdentification(frame) : frame;
    }

    private static byte[] withoutIdentification(byte[] frame) {
        byte[] copy = frame.clone();
        for (int offset : new int[] {4, 5, 10, 11}) {
            copy[IP + offset] = 0;
        }
        return copy;
    }

    @Override
    public String toString() {
        return name;
    }
}
