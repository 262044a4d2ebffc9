package dev.tandem.sync.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncSelectorTest {
    private static final byte[] V1 =
            HexFormat.of()
                    .parseHex(
                            "0005002c01010000000600240000000000019c4000501f900000000000000384"
                                    + "0a0000020a000001c0a80a03");
    private static final byte[] V0 =
            HexFormat.of().parseHex("0105001c00069c4000501f900a0000020a000001c0a80a0300000001");

    private final List<Integer> ports = new ArrayList<>();
    private final DatagramHandler handler = d -> ports.add(d.destinationPort());

    @Test
    void shouldPassWhatGoesToTheKernelsPortsWhateverItIs() {
        feed(SyncSelector.detecting(null, handler), 8847, new byte[3]);
        feed(SyncSelector.detecting(null, handler), 8848, new byte[3]);
        feed(SyncSelector.detecting(null, handler), 8911, new byte[0]);
        feed(SyncSelector.detecting(null, handler), 8912, new byte[3]);
        assertEquals(List.of(8848, 8911), ports);
    }

    @Test
    void shouldFindOtherPortsByTheLookOfAMessage() {
        SyncSelector selector = SyncSelector.detecting(null, handler);
        feed(selector, 9999, new byte[44]);
        feed(selector, 9999, V1);
        feed(selector, 9999, new byte[44]);
        feed(selector, 9998, V0);
        assertEquals(List.of(9999, 9999, 9998), ports);
    }

    @Test
    void shouldNotTakeOtherTrafficForMessages() {
        for (int at = 0; at < 8; at++) {
            if (at == 1 || at == 4) {
                continue; // sync id and count may be anything
            }
            byte[] other = V1.clone();
            other[at] ^= 1;
            feed(SyncSelector.detecting(null, handler), 53, other);
        }
        for (int length = 0; length < V0.length; length++) {
            byte[] other = Arrays.copyOf(V0, length);
            if (length > 3) {
                other[3] = (byte) length;
            }
            feed(SyncSelector.detecting(null, handler), 53, other);
        }
        assertEquals(List.of(), ports);
    }

    @Test
    void shouldKeepToThePortsAndTheGroupThatAreAskedFor() throws UnknownHostException {
        InetAddress group = InetAddress.getByName("224.0.0.81");
        feed(SyncSelector.of(9000, 9001, group, handler), 8999, V1);
        feed(SyncSelector.of(9000, 9001, group, handler), 9000, V1);
        feed(SyncSelector.of(9000, 9001, group, handler), 9001, new byte[0]);
        feed(SyncSelector.of(9000, 9001, group, handler), 9002, V1);
        feed(SyncSelector.of(9000, 9001, InetAddress.getByName("224.0.0.82"), handler), 9000, V1);
        assertEquals(List.of(9000, 9001), ports);
    }

    private static void feed(SyncSelector selector, int port, byte[] payload) {
        byte[] packet =
                Frames.ipv4(
                        "10.0.0.1",
                        "224.0.0.81",
                        Frames.udp("10.0.0.1", "224.0.0.81", 1, port, payload));
        FrameVerdict _ =
                new FrameReader(selector, true)
                        .read(ByteBuffer.wrap(packet), packet.length, LinkType.RAW, 0);
    }
}
