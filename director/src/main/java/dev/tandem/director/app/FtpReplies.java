package dev.tandem.director.app;

import dev.tandem.director.app.FtpSession.Awaited;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionKey;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Tcp;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What servers say on control connections: looks for the reply to a command, makes the entry for
 * the data connection that it announces, and writes the virtual address into it. A reply that is
 * sent again is rewritten again.
 *
 * <p><b>Replies in pieces.</b> The beginning of a reply that may have to be rewritten is held back
 * and acknowledged in the client's name, for a server that waits for the acknowledgment before it
 * sends the rest (Nagle, RFC 896) would wait for ever. What came together is sent with the rest. If
 * that is lost the server sends the rest again, and the whole is sent again in its place.
 */
final class FtpReplies {
    private final ConnectionTable table;
    private final DataConnections connections;
    private final TcpText packets;
    private final AppCounters counters;
    private final FtpText found = new FtpText();
    private final ConnectionKey key = new ConnectionKey();

    /** The packet's payload. */
    private final byte[] text = new byte[TcpText.MAX_LENGTH];

    /** What is looked through: payload, behind what was kept of packets before. */
    private final byte[] stream = new byte[TcpText.MAX_LENGTH + FtpSession.MAX_LINE];

    /** What is sent instead. */
    private final byte[] instead = new byte[TcpText.MAX_LENGTH + 2 * FtpSession.MAX_LINE];

    FtpReplies(
            ConnectionTable table,
            DataConnections connections,
            TcpText packets,
            AppCounters counters) {
        this.table = table;
        this.connections = connections;
        this.packets = packets;
        this.counters = counters;
    }

    /** Reads a packet with payload, and changes it where that is needed. */
    Verdict read(Frame packet, long entry, FtpSession session, long nowNs) {
        int sequence = Memory.getIntBe(packet.transport + Tcp.SEQUENCE_OFFSET);
        int length = TcpText.read(packet, text);
        if (!session.sent.isEmpty()
                && SequenceShift.isAfter(session.sentEnd, sequence)
                && SequenceShift.isAfter(sequence + length, session.sent.sequence)) {
            return again(packet, session, sequence, length);
        }
        if (session.isSearching() && !session.sent.isEmpty()) {
            // one thing after the other: what is behind comes again when the client has the last
            return SequenceShift.isAfter(sequence, session.sent.sequence)
                    ? Verdict.DROP
                    : Verdict.PASS;
        }
        if (!session.isSearching()) {
            return Verdict.PASS;
        }
        if (session.held.isEmpty()) {
            return search(packet, entry, session, sequence, length, nowNs);
        }
        return behindHeld(packet, entry, session, sequence, length, nowNs);
    }

    /** Looks through what is new of a packet; what is behind a gap is to come again in its turn. */
    private Verdict search(
            Frame packet, long entry, FtpSession session, int sequence, int length, long nowNs) {
        int known = session.searched - sequence;
        if (known < 0) {
            return Verdict.DROP;
        }
        if (known >= length) {
            return Verdict.PASS;
        }
        System.arraycopy(text, 0, stream, 0, length);
        Verdict verdict = reply(packet, entry, session, sequence, known, length, nowNs);
        return verdict == null ? Verdict.PASS : verdict;
    }

    /**
     * The packet becomes an acknowledgment of what is held. As long as the client waits for
     * something before that, the server hears nothing and will send that again.
     */
    private static Verdict acknowledge(FtpSession session, Frame packet) {
        if (SequenceShift.isAfter(session.held.sequence, session.acknowledged)) {
            return Verdict.DROP;
        }
        TcpText.acknowledge(packet, session.held.end(), session.window);
        return Verdict.ANSWER;
    }

    /** Sends again what the client was sent in place of this. */
    private Verdict again(Frame packet, FtpSession session, int sequence, int length) {
        FtpSession.Piece sent = session.sent;
        int before = Math.max(0, sent.sequence - sequence);
        // what is behind and not looked through yet comes again by itself
        int behind = session.isSearching() ? 0 : Math.max(0, sequence + length - session.sentEnd);
        System.arraycopy(text, 0, instead, 0, before);
        System.arraycopy(sent.bytes, 0, instead, before, sent.length);
        System.arraycopy(text, session.sentEnd - sequence, instead, before + sent.length, behind);
        int start = before > 0 ? sequence : sent.sequence;
        return send(packet, start, instead, before + sent.length + behind);
    }

    /** A packet while the beginning of a reply is held. */
    private Verdict behindHeld(
            Frame packet, long entry, FtpSession session, int sequence, int length, long nowNs) {
        FtpSession.Piece held = session.held;
        int known = held.end() - sequence;
        if (known < 0) {
            // how far its numbers move is not known yet; the server will send it again
            return Verdict.DROP;
        }
        int before = held.sequence - sequence;
        if (before >= length) {
            return Verdict.PASS;
        }
        if (known >= length && before > 0) {
            return send(packet, sequence, text, before);
        }
        if (known >= length) {
            return acknowledge(session, packet);
        }
        int kept = 0;
        int from = sequence;
        int start = 0;
        if (before <= 0) {
            kept = held.length;
            from = held.sequence;
            start = known;
            System.arraycopy(held.bytes, 0, stream, 0, kept);
        }
        System.arraycopy(text, start, stream, kept, length - start);
        held.clear();
        int joined = kept + length - start;
        Verdict verdict = reply(packet, entry, session, from, 0, joined, nowNs);
        return verdict == null ? release(packet, session, from, joined) : verdict;
    }

    /** What was held is no reply to be rewritten after all. */
    private Verdict release(Frame packet, FtpSession session, int sequence, int length) {
        remember(session, sequence, stream, 0, length, sequence + length);
        return send(packet, sequence, stream, length);
    }

    /**
     * Looks through {@code length} bytes of the stream for the reply.
     *
     * @param sequence of the first of them
     * @param known how many of them were looked through before
     * @return null: there is none, not even its beginning
     */
    private @Nullable Verdict reply(
            Frame packet,
            long entry,
            FtpSession session,
            int sequence,
            int known,
            int length,
            long nowNs) {
        int line = known;
        while (session.midLine && line < length) {
            session.midLine = stream[line++] != '\n';
        }
        while (session.awaited != Awaited.NOTHING && line < length) {
            int end = line;
            while (end < length && stream[end] != '\n') {
                end++;
            }
            boolean whole = end < length;
            int result =
                    session.awaited == Awaited.PASSIVE
                            ? found.passive(stream, line, end, whole)
                            : found.extendedPassive(stream, line, end, whole);
            if (result == FtpText.FOUND) {
                return rewrite(packet, entry, session, sequence, line, length, nowNs);
            }
            if (result == FtpText.UNFINISHED && mayHold(packet, length - line)) {
                return hold(packet, session, sequence, line, length);
            }
            line = end + 1;
        }
        session.searched(sequence + length, stream[length - 1] != '\n');
        return null;
    }

    private static boolean mayHold(Frame packet, int length) {
        return length <= FtpSession.MAX_LINE && (packet.tcpFlags & (Tcp.FIN | Tcp.RST)) == 0;
    }

    private Verdict hold(Frame packet, FtpSession session, int sequence, int line, int length) {
        session.held.set(sequence + line, stream, line, length);
        session.searched(sequence + line, false);
        counters.held.add(1);
        if (line > 0) {
            // the client's acknowledgment of this will be made one of all
            remember(session, sequence, stream, 0, line, sequence + line);
            return send(packet, sequence, stream, line);
        }
        return acknowledge(session, packet);
    }

    private Verdict rewrite(
            Frame packet,
            long entry,
            FtpSession session,
            int sequence,
            int line,
            int length,
            long nowNs) {
        boolean passive = session.awaited == Awaited.PASSIVE;
        session.awaited = Awaited.NOTHING;
        if (found.port < 1 || !expectPassive(entry, nowNs)) {
            counters.failed.add(1);
            return Verdict.DROP;
        }
        String announced =
                passive
                        ? numbers(ConnectionEntry.virtualAddress(entry), found.port)
                        : "|||" + found.port + "|";
        byte[] bytes = announced.getBytes(StandardCharsets.US_ASCII);
        int growth = bytes.length - (found.stop - found.start);
        System.arraycopy(stream, 0, instead, 0, found.start);
        System.arraycopy(bytes, 0, instead, found.start, bytes.length);
        System.arraycopy(
                stream, found.stop, instead, found.start + bytes.length, length - found.stop);
        int end = length + growth;
        remember(session, sequence + line, instead, line, end, sequence + length);
        Verdict verdict = send(packet, sequence, instead, end);
        if (verdict == Verdict.PASS
                && growth != 0
                && !SequenceShift.note(table, entry, sequence + line, growth)) {
            counters.failed.add(1);
            return Verdict.DROP;
        }
        return verdict;
    }

    /** The client will call the announced port, which the virtual address has as well. */
    private boolean expectPassive(long entry, long nowNs) {
        long virtualHigh = ConnectionEntry.virtualHigh(entry);
        long virtualLow = ConnectionEntry.virtualLow(entry);
        // a server that was told the virtual address announces that one
        boolean own = found.hasAddress && (found.high != virtualHigh || found.low != virtualLow);
        long data =
                connections.expect(
                        entry,
                        key.announced(
                                entry,
                                ConnectionEntry.clientHigh(entry),
                                ConnectionEntry.clientLow(entry),
                                0,
                                found.port),
                        own ? found.high : ConnectionEntry.realHigh(entry),
                        own ? found.low : ConnectionEntry.realLow(entry),
                        found.port,
                        nowNs);
        counters.expected.add(data == ConnectionTable.NONE ? 0 : 1);
        return data != ConnectionTable.NONE;
    }

    /**
     * Keeps what goes to the client from {@code sequence} on, in place of the server's text before
     * {@code end}, until the client has it. What it has already it will not acknowledge again.
     */
    private static void remember(
            FtpSession session, int sequence, byte[] bytes, int from, int to, int end) {
        if (SequenceShift.isAfter(end, session.acknowledged)) {
            session.sent.set(sequence, bytes, from, to);
            session.sentEnd = end;
        }
    }

    private Verdict send(Frame packet, int sequence, byte[] bytes, int length) {
        if (!packets.replace(packet, sequence, bytes, length)) {
            counters.failed.add(1);
            return Verdict.DROP;
        }
        counters.rewritten.add(1);
        return Verdict.PASS;
    }

    private static String numbers(int address, int port) {
        return "%d,%d,%d,%d,%d,%d"
                .formatted(
                        address >>> 24,
                        address >>> 16 & 0xFF,
                        address >>> 8 & 0xFF,
                        address & 0xFF,
                        port >>> 8,
                        port & 0xFF);
    }
}
