package dev.tandem.director.conn;

import dev.tandem.director.config.Transport;
import dev.tandem.director.packet.Packet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An SCTP packet of one chunk, ports 1000 to 80, in memory of its own. */
final class Chunk implements AutoCloseable {
    private static final int LENGTH = 16;

    final Packet packet;
    private final Arena arena = Arena.ofConfined();

    Chunk(String source, String destination, int type) {
        MemorySegment segment = arena.allocate(LENGTH);
        segment.set(ValueLayout.JAVA_BYTE, 12, (byte) type);
        segment.set(ValueLayout.JAVA_BYTE, 15, (byte) 4);
        packet = Lab.packet(Transport.SCTP, source, 1000, destination, 80, 0);
        packet.transport = segment.address();
        packet.transportLength = LENGTH;
    }

    @Override
    public void close() {
        arena.close();
    }
}
