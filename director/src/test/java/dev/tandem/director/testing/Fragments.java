package dev.tandem.director.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts frames into fragments and puts them together again, to check the director's by. */
public final class Fragments {
    private static final int IP = PacketBuilder.VNET + PacketBuilder.ETHERNET;
    private static final int IDENTIFICATION = 0x7E57_1234;

    private Fragments() {}

    /**
     * Cuts a packet that is none yet.
     *
     * @param size bytes of payload in each, a multiple of 8
     */
    public static List<byte[]> cut(byte[] frame, int size) {
        List<byte[]> fragments = new ArrayList<>();
        int payload = frame.length - IP - header(frame);
        for (int from = 0; from < payload; from += size) {
            int to = Math.min(from + size, payload);
            fragments.add(fragment(frame, from, to, to < payload));
        }
        return fragments;
    }

    /** The fragment with bytes {@code from} to {@code to} of a packet's payload. */
    public static byte[] fragment(byte[] frame, int from, int to, boolean more) {
        int header = header(frame);
        boolean ipv6 = frame[IP] >>> 4 == 6;
        int extra = ipv6 ? 8 : 0;
        byte[] fragment = Arrays.copyOf(frame, IP + header + extra + to - from);
        Arrays.fill(fragment, 0, PacketBuilder.VNET, (byte) 0);
        ByteBuffer bytes = ByteBuffer.wrap(fragment);
        if (ipv6) {
            bytes.put(IP + header, frame[IP + 6])
                    .put(IP + 6, (byte) 44)
                    .put(IP + header + 1, (byte) 0);
            bytes.putShort(IP + header + 2, (short) (from | (more ? 1 : 0)));
            bytes.putInt(IP + header + 4, IDENTIFICATION);
            bytes.putShort(IP + 4, (short) (header - 40 + extra + to - from));
        } else {
            int flags = (bytes.getShort(IP + 6) & 0x4000) | (more ? 0x2000 : 0);
            bytes.putShort(IP + 6, (short) (flags | from / 8));
            bytes.putShort(IP + 2, (short) (header + to - from));
            bytes.putShort(IP + 10, (short) 0);
            bytes.putShort(IP + 10, (short) ~InternetChecksum.sum(fragment, IP, header, 0));
        }
        bytes.put(IP + header + extra, frame, IP + header + from, to - from);
        return fragment;
    }

    /** The frame that these fragments, in order and without gap or overlap, make up. */
    public static byte[] join(List<byte[]> fragments) {
        byte[] first = fragments.getFirst();
        boolean ipv6 = first[IP] >>> 4 == 6;
        int header = header(first);
        int extra = ipv6 ? 8 : 0;
        ByteBuffer all = ByteBuffer.allocate(0x1_0000 + IP);
        all.put(first, 0, IP + header);
        int done = 0;
        for (int i = 0; i < fragments.size(); i++) {
            byte[] fragment = fragments.get(i);
            ByteBuffer bytes = ByteBuffer.wrap(fragment);
            boolean last = i == fragments.size() - 1;
            if (ipv6) {
                int word = bytes.getShort(IP + header + 2) & 0xFFFF;
                assertEquals(44, fragment[IP + 6], "next header");
                assertEquals(done | (last ? 0 : 1), word, "offset and flag");
                assertEquals(
                        ByteBuffer.wrap(first).getInt(IP + header + 4),
                        bytes.getInt(IP + header + 4),
                        "identification");
            } else {
                int word = bytes.getShort(IP + 6) & 0xBFFF;
                assertEquals(done / 8 | (last ? 0 : 0x2000), word, "offset and flag");
                assertEquals(
                        ByteBuffer.wrap(first).getShort(IP + 4),
                        bytes.getShort(IP + 4),
                        "identification");
            }
            int size = fragment.length - IP - header - extra;
            all.put(fragment, IP + header + extra, size);
            done += size;
        }
        byte[] frame = Arrays.copyOf(all.array(), all.position());
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        if (ipv6) {
            bytes.put(IP + 6, first[IP + header]).putShort(IP + 4, (short) (header - 40 + done));
        } else {
            bytes.putShort(IP + 6, (short) (bytes.getShort(IP + 6) & 0x4000));
            bytes.putShort(IP + 2, (short) (header + done)).putShort(IP + 10, (short) 0);
            bytes.putShort(IP + 10, (short) ~InternetChecksum.sum(frame, IP, header, 0));
        }
        return frame;
    }

    private static int header(byte[] frame) {
        return frame[IP] >>> 4 == 6 ? 40 : (frame[IP] & 0x0F) * 4;
    }
}
