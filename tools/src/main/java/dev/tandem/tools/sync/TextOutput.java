package dev.tandem.tools.sync;

import dev.tandem.sync.capture.CapturedDatagram;
import dev.tandem.sync.capture.UdpChecksum;
import dev.tandem.sync.hardening.TrailerView;
import dev.tandem.sync.wire.SyncOptions;
import dev.tandem.sync.wire.SyncRecord;
import java.io.PrintWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A dump for people: a line for each datagram, below it one for each record. */
final class TextOutput implements DumpOutput {
    private static final long NS_PER_S = 1_000_000_000L;

    private final PrintWriter out;
    private boolean open;

    TextOutput(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void record(Heard heard, int index, int offset, SyncRecord r) {
        open(heard);
        StringBuilder line = new StringBuilder(160);
        line.append("%4d  ".formatted(index));
        appendRecord(line, heard, r);
        out.println(line.toString().stripTrailing());
    }

    @Override
    public void fault(
            Heard heard,
            String error,
            String reason,
            int index,
            int offset,
            @Nullable SyncRecord r) {
        open(heard);
        out.printf("%4s! %s: %s, at offset %d%n", index < 0 ? "" : index, error, reason, offset);
        if (r != null) {
            StringBuilder line = new StringBuilder(160).append("      ");
            appendRecord(line, heard, r);
            out.println(line.toString().stripTrailing());
        }
    }

    @Override
    public void trailer(Heard heard, TrailerView t, @Nullable String signature) {
        open(heard);
        out.printf(
                "      trailer %s  session %016x  epoch %d  sequence %d  stream %d  key %d  %s%n",
                t.kind(),
                t.session(),
                t.epoch(),
                t.sequence(),
                t.stream(),
                t.keyId(),
                signature == null ? "signature not looked at" : "signature " + signature);
    }

    @Override
    public void end() {
        open = false;
    }

    private void open(Heard heard) {
        if (open) {
            return;
        }
        open = true;
        CapturedDatagram d = heard.datagram();
        Instant time =
                Instant.ofEpochSecond(
                        Math.floorDiv(d.timeNs(), NS_PER_S), Math.floorMod(d.timeNs(), NS_PER_S));
        StringBuilder line = new StringBuilder(160).append(time);
        if (heard.isSourceKnown()) {
            line.append("  ").append(Words.endpoint(heard.source(), d.sourcePort()));
            line.append(" > ").append(heard.destination());
        }
        if (heard.syncId() >= 0) {
            line.append("  syncid ").append(heard.syncId());
        }
        if (heard.version() >= 0) {
            line.append("  version ").append(heard.version());
            line.append("  records ").append(heard.count());
        }
        line.append("  bytes ").append(d.payload().remaining());
        if (d.checksum() == UdpChecksum.BAD) {
            line.append("  bad checksum");
        }
        out.println(line);
    }

    private static void appendRecord(StringBuilder line, Heard heard, SyncRecord r) {
        line.append(
                "%-4s %-11s %6s  %-21s %-21s %-21s %s"
                        .formatted(
                                Words.protocol(r.protocol()),
                                Words.state(r),
                                heard.version() == 0 ? "-" : r.timeoutSeconds() + "s",
                                Words.endpoint(Words.client(r), r.clientPort()),
                                Words.endpoint(Words.virtual(r), r.virtualPort()),
                                Words.endpoint(Words.real(r), r.realPort()),
                                Words.flags(r.flags())));
        if (r.fwmark() != 0) {
            line.append("  mark ").append(Integer.toUnsignedString(r.fwmark()));
        }
        SyncOptions options = r.options();
        if (options.hasEngineName()) {
            line.append("  pe ").append(Options.engineName(options));
        }
        if (options.hasEngineData()) {
            line.append("  data ").append(Options.printable(options));
        }
        if (options.hasSequence()) {
            line.append("  seq ").append(Options.sequence(options));
        }
    }
}
