package dev.tandem.sync.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapDumper;
import org.pcap4j.core.PcapNativeException;

/**
 * A capture file that is being written, with the link type and the clock of its {@link Capture}.
 */
public final class Recording implements AutoCloseable {
    private final PcapDumper dumper;
    private final Capture capture;

    Recording(PcapDumper dumper, Capture capture) {
        this.dumper = dumper;
        this.capture = capture;
    }

    /** Appends the capture's present frame and sees to it that the file has it. */
    public void write() throws IOException {
        ByteBuffer frame = capture.frame();
        byte[] bytes = new byte[frame.limit()];
        frame.get(0, bytes);
        try {
            dumper.dumpRaw(bytes, capture.timestamp());
            dumper.flush();
        } catch (NotOpenException | PcapNativeException e) {
            throw new IOException("cannot write the recording: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        dumper.close();
    }
}
