package dev.tandem.sync.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as tcpdump and others write them; needs libpcap, as the class under test does. */
class CaptureTest {
    @TempDir private Path dir;
    private final List<String> seen = new ArrayList<>();

    @Test
    void shouldReadPcap() throws IOException {
        Path file = write("a.pcap", resource("tcp-nat.pcap"));
        assertNull(read(file));
        assertEquals(
                List.of(
                        "1795217487.852618000 10.98.0.11 116 bytes",
                        "1795217492.012660000 10.98.0.11 224 bytes"),
                seen);
    }

    @Test
    void shouldReadPcapng() throws IOException {
        byte[] frame =
                Frames.ethernet(
                        Frames.ipv4(
                                "10.98.0.11",
                                "224.0.0.81",
                                Frames.udp("10.98.0.11", "224.0.0.81", 1, 8848, new byte[30])));
        assertNull(read(write("a.pcapng", pcapng(frame, 1_795_217_486_000_000_123L))));
        assertEquals(List.of("1795217486.000000123 10.98.0.11 30 bytes"), seen);
    }

    @Test
    void shouldReadWhatThereIsOfADamagedFile() throws IOException {
        byte[] whole = resource("tcp-nat.pcap");
        String damage = read(write("cut.pcap", Arrays.copyOf(whole, whole.length - 1)));
        assertNotNull(damage);
        assertEquals(1, seen.size());
    }

    @Test
    void shouldSkipAFrameOfAnImpossibleTime() throws IOException {
        byte[] file = resource("tcp-nat.pcap");
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(24 + 4, 1_000_000);
        assertNotNull(read(write("time.pcap", file)));
        assertEquals(1, seen.size());
    }

    @Test
    void shouldSayWhatIsNoCapture() throws IOException {
        assertThrows(
                NoSuchFileException.class, () -> Capture.openFile(dir.resolve("none")).close());
        Path text = Files.writeString(dir.resolve("text"), "not a capture, for sure\n");
        IOException e = assertThrows(IOException.class, () -> Capture.openFile(text).close());
        assertEquals(
                "cannot read " + text + ": unknown file format", String.valueOf(e.getMessage()));
        Path empty = Files.createFile(dir.resolve("empty"));
        assertThrows(IOException.class, () -> Capture.openFile(empty).close());
    }

    @Test
    void shouldSayThatThereIsNoSuchInterface() {
        IOException e =
                assertThrows(
                        IOException.class,
                        () -> Capture.openInterface("tandem-none", "udp").close());
        assertEquals(
                true,
                String.valueOf(e.getMessage()).startsWith("cannot listen on tandem-none: "),
                e::toString);
    }

    @Test
    void shouldRecordWhatItReads() throws IOException {
        Path copy = dir.resolve("copy.pcap");
        try (Capture capture = Capture.openFile(write("a.pcap", resource("tcp-nat.pcap")));
                Recording recording = capture.record(copy)) {
            while (capture.next() == Capture.Next.FRAME) {
                recording.write();
            }
        }
        assertNull(read(copy));
        List<String> recorded = List.copyOf(seen);
        seen.clear();
        assertNull(read(dir.resolve("a.pcap")));
        assertEquals(seen, recorded);
    }

    private @Nullable String read(Path file) throws IOException {
        FrameReader reader =
                new FrameReader(
                        d ->
                                seen.add(
                                        "%d.%09d %s %d bytes"
                                                .formatted(
                                                        d.timeNs() / 1_000_000_000,
                                                        d.timeNs() % 1_000_000_000,
                                                        d.source().getHostAddress(),
                                                        d.payload().remaining())),
                        true);
        try (Capture capture = Capture.openFile(file)) {
            while (capture.next(reader) == Capture.Next.FRAME) {}
            return capture.damage();
        }
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(dir.resolve(name), bytes);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = CaptureTest.class.getResourceAsStream("/corpus/" + name)) {
            if (in == null) {
                throw new IOException("no capture " + name);
            }
            return in.readAllBytes();
        }
    }

    /** Section header, interface with nanoseconds, one packet (IETF draft-ietf-opsawg-pcapng). */
    private static byte[] pcapng(byte[] frame, long timeNs) {
        int padded = (frame.length + 3) & -4;
        ByteBuffer out = ByteBuffer.allocate(28 + 32 + 32 + padded).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0x0A0D0D0A).putInt(28).putInt(0x1A2B3C4D).putInt(1).putLong(-1).putInt(28);
        out.putInt(1).putInt(32).putInt(1).putInt(65_535);
        out.putShort((short) 9).putShort((short) 1).putInt(9).putInt(0).putInt(32);
        out.putInt(6).putInt(32 + padded).putInt(0);
        out.putInt((int) (timeNs >>> 32)).putInt((int) timeNs);
        out.putInt(frame.length).putInt(frame.length).put(frame);
        out.position(out.limit() - 4).putInt(32 + padded);
        return out.array();
    }
}
