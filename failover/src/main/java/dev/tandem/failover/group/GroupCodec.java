package dev.tandem.failover.group;

import dev.tandem.failover.core.Action;
import dev.tandem.failover.core.Action.Phase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Group messages as bytes: version (1 byte), type (1 byte), sender's name, then the message's
 * fields in the order of its record. Strings as {@link DataOutputStream#writeUTF} writes them, but
 * for a document's text: length (4 bytes), then UTF-8 to the end.
 */
final class GroupCodec {
    private static final int VERSION = 1;
    private static final int HELLO = 1;
    private static final int GRANT = 2;
    private static final int TAKEN = 3;
    private static final int HAND_OVER = 4;
    private static final int REFUSED = 5;
    private static final int DONE = 6;
    private static final int DOCUMENT = 7;

    /** Enough for most, that the buffer need not grow. */
    private static final int COMMAND_BYTES = 256;

    private static final int MAX_PHASES = 32;

    /** A message and who sent it. */
    record Envelope(String from, GroupMessage message) {}

    private GroupCodec() {}

    static byte[] encode(String from, GroupMessage message) {
        int documentLength =
                message instanceof GroupMessage.Document(String text) ? text.length() : 0;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(COMMAND_BYTES + documentLength);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeByte(type(message));
            out.writeUTF(from);
            switch (message) {
                case GroupMessage.Hello() -> {}
                case GroupMessage.Grant(long epoch) -> out.writeLong(epoch);
                case GroupMessage.Taken(long epoch, int connections, long tookNs) -> {
                    out.writeLong(epoch);
                    out.writeInt(connections);
                    out.writeLong(tookNs);
                }
                case GroupMessage.HandOver(String id, String target, boolean forced) -> {
                    out.writeUTF(id);
                    out.writeUTF(target);
                    out.writeBoolean(forced);
                }
                case GroupMessage.Refused(String id, String reason) -> {
                    out.writeUTF(id);
                    out.writeUTF(reason);
                }
                case GroupMessage.Done(Action.Report report) -> writeReport(out, report);
                case GroupMessage.Document(String text) -> {
                    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                    out.writeInt(utf8.length);
                    out.write(utf8);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static int type(GroupMessage message) {
        return switch (message) {
            case GroupMessage.Hello _ -> HELLO;
            case GroupMessage.Grant _ -> GRANT;
            case GroupMessage.Taken _ -> TAKEN;
            case GroupMessage.HandOver _ -> HAND_OVER;
            case GroupMessage.Refused _ -> REFUSED;
            case GroupMessage.Done _ -> DONE;
            case GroupMessage.Document _ -> DOCUMENT;
        };
    }

    private static void writeReport(DataOutputStream out, Action.Report report) throws IOException {
        out.writeUTF(report.id());
        out.writeUTF(report.cause());
        out.writeUTF(report.from());
        out.writeUTF(report.to());
        out.writeLong(report.epoch());
        out.writeByte(report.phases().size());
        for (Phase phase : report.phases()) {
            out.writeUTF(phase.name());
            out.writeLong(phase.durationNs());
        }
        out.writeInt(report.connections());
        out.writeUTF(report.evidence());
    }

    /** The message; null when the bytes are none. */
    static @Nullable Envelope decode(byte[] bytes, int offset, int length) {
        try (DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(bytes, offset, length))) {
            if (in.readUnsignedByte() != VERSION) {
                return null;
            }
            int type = in.readUnsignedByte();
            String from = in.readUTF();
            GroupMessage message =
                    switch (type) {
                        case HELLO -> new GroupMessage.Hello();
                        case GRANT -> new GroupMessage.Grant(in.readLong());
                        case TAKEN ->
                                new GroupMessage.Taken(in.readLong(), in.readInt(), in.readLong());
                        case HAND_OVER ->
                                new GroupMessage.HandOver(
                                        in.readUTF(), in.readUTF(), in.readBoolean());
                        case REFUSED -> new GroupMessage.Refused(in.readUTF(), in.readUTF());
                        case DONE -> new GroupMessage.Done(readReport(in));
                        case DOCUMENT -> new GroupMessage.Document(readText(in));
                        default -> null;
                    };
            return message == null ? null : new Envelope(from, message);
        } catch (IOException _) {
            return null;
        }
    }

    /** Refuses bytes that are no UTF-8, rather than to pass on something else. */
    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > GroupMessage.Document.MAX_BYTES || length != in.available()) {
            throw new IOException("a document of " + length + " bytes");
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(in.readNBytes(length)))
                .toString();
    }

    private static Action.Report readReport(DataInputStream in) throws IOException {
        String id = in.readUTF();
        String cause = in.readUTF();
        String from = in.readUTF();
        String to = in.readUTF();
        long epoch = in.readLong();
        int count = in.readUnsignedByte();
        if (count > MAX_PHASES) {
            throw new IOException("a report of " + count + " phases");
        }
        List<Phase> phases = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            phases.add(new Phase(in.readUTF(), in.readLong()));
        }
        return new Action.Report(id, cause, from, to, epoch, phases, in.readInt(), in.readUTF());
    }
}
