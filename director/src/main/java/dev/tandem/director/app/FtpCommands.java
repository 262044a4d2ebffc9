package dev.tandem.director.app;

import dev.tandem.director.app.FtpSession.Awaited;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionKey;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Tcp;

/**
 * What clients say on control connections: notes the commands whose reply is to be looked for, and
 * makes entries for the data connections that a client announces. Lines may be cut anywhere into
 * segments. Changes no packet.
 */
final class FtpCommands {
    private static final int TLS_FIRST_TYPE = 20;
    private static final int TLS_LAST_TYPE = 23;
    private static final int TLS_MAJOR_VERSION = 3;

    private final FtpSessions sessions;
    private final DataConnections connections;
    private final AppCounters counters;
    private final FtpText found = new FtpText();
    private final ConnectionKey key = new ConnectionKey();

    /** The packet's payload. */
    private final byte[] text = new byte[TcpText.MAX_LENGTH];

    /** What is looked through: payload, behind what was kept of packets before. */
    private final byte[] stream = new byte[TcpText.MAX_LENGTH + FtpSession.MAX_LINE];

    FtpCommands(FtpSessions sessions, DataConnections connections, AppCounters counters) {
        this.sessions = sessions;
        this.connections = connections;
        this.counters = counters;
    }

    /** Reads a packet with payload. */
    void read(Frame packet, long entry, long nowNs) {
        int length = TcpText.read(packet, text);
        FtpSession session = sessions.find(entry);
        if (isTls(length)) {
            sessions.get(entry).encrypted = true;
            return;
        }
        int sequence = Memory.getIntBe(packet.transport + Tcp.SEQUENCE_OFFSET);
        int kept = 0;
        int known = 0;
        if (session != null && !session.command.isEmpty()) {
            known = session.command.end() - sequence;
            if (known >= length) {
                return;
            }
            if (known < 0) {
                known = 0;
            } else {
                kept = session.command.length;
                sequence = session.command.sequence;
                System.arraycopy(session.command.bytes, 0, stream, 0, kept);
            }
            session.command.clear();
        }
        System.arraycopy(text, known, stream, kept, length - known);
        int end = kept + length - known;
        int line = 0;
        for (int i = 0; i < end; i++) {
            if (stream[i] == '\n') {
                command(entry, line, i, nowNs);
                line = i + 1;
            }
        }
        if (line < end && end - line <= FtpSession.MAX_LINE) {
            sessions.get(entry).command.set(sequence + line, stream, line, end);
        }
    }

    private boolean isTls(int length) {
        return length > 1
                && text[0] >= TLS_FIRST_TYPE
                && text[0] <= TLS_LAST_TYPE
                && text[1] == TLS_MAJOR_VERSION;
    }

    private void command(long entry, int from, int to, long nowNs) {
        boolean ipv6 = ConnectionEntry.isIpv6(entry);
        if (!ipv6 && FtpText.endsWith(stream, from, to, "PASV")) {
            sessions.get(entry).awaited = Awaited.PASSIVE;
        } else if (FtpText.endsWith(stream, from, to, "EPSV")
                || FtpText.endsWith(stream, from, to, ipv6 ? "EPSV 2" : "EPSV 1")) {
            sessions.get(entry).awaited = Awaited.EXTENDED_PASSIVE;
        } else if (found.command(stream, from, to) && found.ipv6 == ipv6 && found.port >= 1) {
            FtpSession session = sessions.find(entry);
            if (session != null) {
                session.awaited = Awaited.NOTHING;
            }
            expectActive(entry, nowNs);
        }
    }

    /** The server will call the client's port from its port less one, 20 of 21. */
    private void expectActive(long entry, long nowNs) {
        long data =
                connections.expect(
                        entry,
                        key.announced(
                                entry,
                                found.high,
                                found.low,
                                found.port,
                                ConnectionEntry.virtualPort(entry) - 1),
                        ConnectionEntry.realHigh(entry),
                        ConnectionEntry.realLow(entry),
                        ConnectionEntry.realPort(entry) - 1,
                        nowNs);
        (data == ConnectionTable.NONE ? counters.failed : counters.expected).add(1);
    }
}
