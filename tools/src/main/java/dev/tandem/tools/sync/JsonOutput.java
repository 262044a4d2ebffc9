package dev.tandem.tools.sync;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tandem.sync.hardening.TrailerView;
import dev.tandem.sync.wire.SyncOptions;
import dev.tandem.sync.wire.SyncRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A dump for machines: an object on a line for each record, in order. What a record does not have
 * is absent.
 */
final class JsonOutput implements DumpOutput {
    private static final int NS_DIGITS = 9;
    private static final int US_DIGITS = 6;
    private static final int NS_PER_US = 1000;

    private final JsonGenerator json;

    JsonOutput(PrintWriter out) {
        try {
            json = new JsonFactory().createGenerator(out);
            json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        json.setRootValueSeparator(null);
    }

    @Override
    public void record(Heard heard, int index, int offset, SyncRecord r) {
        write(() -> {
            writeHeader(heard);
            json.writeNumberField("index", index);
            json.writeNumberField("offset", offset);
            writeRecord(heard, r);
        });
    }

    @Override
    public void fault(
            Heard heard,
            String error,
            String reason,
            int index,
            int offset,
            @Nullable SyncRecord r) {
        write(() -> {
            json.writeStringField("error", error);
            json.writeStringField("reason", reason);
            json.writeNumberField("offset", offset);
            writeHeader(heard);
            if (index >= 0) {
                json.writeNumberField("index", index);
            }
            if (r != null) {
                writeRecord(heard, r);
            }
        });
    }

    @Override
    public void trailer(Heard heard, TrailerView t, @Nullable String signature) {
        write(() -> {
            writeHeader(heard);
            json.writeObjectFieldStart("trailer");
            json.writeStringField("kind", t.kind());
            json.writeStringField("session", Long.toHexString(t.session()));
            json.writeNumberField("epoch", t.epoch());
            json.writeNumberField("sequence", t.sequence());
            json.writeNumberField("stream", t.stream());
            json.writeNumberField("keyId", t.keyId());
            json.writeNumberField("bodyLength", t.bodyLength());
            if (signature != null) {
                json.writeStringField("signature", signature);
            }
            json.writeEndObject();
        });
    }

    @Override
    public void end() {}

    private void writeHeader(Heard heard) throws IOException {
        json.writeNumberField("time", seconds(heard.datagram().timeNs()));
        if (heard.isSourceKnown()) {
            json.writeStringField("source", heard.source());
        }
        if (heard.syncId() >= 0) {
            json.writeNumberField("syncid", heard.syncId());
        }
        if (heard.version() >= 0) {
            json.writeNumberField("version", heard.version());
        }
    }

    private void writeRecord(Heard heard, SyncRecord r) throws IOException {
        json.writeNumberField("family", r.isIpv6() ? 6 : 4);
        json.writeNumberField("protocol", r.protocol());
        json.writeStringField("clientAddress", Words.client(r));
        json.writeNumberField("clientPort", r.clientPort());
        json.writeStringField("virtualAddress", Words.virtual(r));
        json.writeNumberField("virtualPort", r.virtualPort());
        json.writeStringField("realAddress", Words.real(r));
        json.writeNumberField("realPort", r.realPort());
        json.writeNumberField("flags", Integer.toUnsignedLong(r.flags()));
        json.writeNumberField("state", r.state());
        json.writeStringField("stateName", Words.state(r));
        if (heard.version() != 0) {
            json.writeNumberField("fwmark", Integer.toUnsignedLong(r.fwmark()));
            json.writeNumberField("timeout", r.timeoutSeconds());
        }
        SyncOptions options = r.options();
        if (options.hasEngineName()) {
            json.writeStringField("peName", Options.engineName(options));
        }
        if (options.hasEngineData()) {
            json.writeStringField("peData", Options.engineDataHex(options));
        }
        if (options.hasSequence()) {
            json.writeArrayFieldStart("seq");
            for (long value : Options.sequence(options)) {
                json.writeNumber(value);
            }
            json.writeEndArray();
        }
    }

    /** As many digits as the capture's clock had. */
    private static BigDecimal seconds(long timeNs) {
        return timeNs % NS_PER_US == 0
                ? BigDecimal.valueOf(timeNs / NS_PER_US, US_DIGITS)
                : BigDecimal.valueOf(timeNs, NS_DIGITS);
    }

    /** Writes the fields of an object. */
    private interface Fields {
        void write() throws IOException;
    }

    private void write(Fields fields) {
        try {
            json.writeStartObject();
            fields.write();
            json.writeEndObject();
            json.writeRaw(System.lineSeparator());
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: the writer keeps troubles to itself
        }
    }
}
