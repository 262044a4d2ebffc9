package dev.tandem.director.app;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.TcpState;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Tcp;
import org.jspecify.annotations.Nullable;

/**
 * FTP over network address translation (the kernel's ip_vs_ftp.c): listens on control connections,
 * makes entries for the data connections that they announce, and writes the virtual address into
 * the replies that announce the server's.
 *
 * <pre>
 *   client says                      awaited: client:port to the service's port less one
 *     PORT, EPRT
 *   client says  PASV, EPSV          the server's next reply is looked for
 *   server says
 *     227, 229                       awaited: client, any port, to the announced port;
 *                                    the reply says the virtual address
 * </pre>
 *
 * <p>Beyond the kernel: lines may be cut anywhere into segments; a reply that is sent again is
 * rewritten again; a client's command need not stand at the beginning of a segment.
 */
final class FtpHelper {
    private final FtpSessions sessions = new FtpSessions();
    private final FtpCommands commands;
    private final FtpReplies replies;

    FtpHelper(
            ConnectionTable table,
            DataConnections connections,
            TcpText packets,
            AppCounters counters) {
        commands = new FtpCommands(sessions, connections, counters);
        replies = new FtpReplies(table, connections, packets, counters);
    }

    /** Sessions there are now. */
    int sessions() {
        return sessions.size();
    }

    /** A packet of the client, its acknowledgment in the server's numbers. */
    void fromClient(Frame packet, long entry, long nowNs) {
        if ((packet.tcpFlags & Tcp.SYN) != 0) {
            sessions.remove(entry);
            return;
        }
        FtpSession session = sessions.find(entry);
        if (session != null) {
            acknowledged(session, packet);
            extendAcknowledgment(session, packet);
        }
        if (isReadable(packet, entry, session)) {
            boolean searching = session != null && session.isSearching();
            commands.read(packet, entry, nowNs);
            if (session == null) {
                session = sessions.find(entry);
                if (session != null) {
                    acknowledged(session, packet);
                }
            }
            if (session != null && !searching) {
                session.searched(session.acknowledged, false);
            }
        }
        if (session != null && session.isIdle()) {
            sessions.remove(entry);
        }
    }

    /** A packet of the server, in its own numbers. */
    Verdict fromServer(Frame packet, long entry, long nowNs) {
        FtpSession session = sessions.find(entry);
        return session == null || !isReadable(packet, entry, session)
                ? Verdict.PASS
                : replies.read(packet, entry, session, nowNs);
    }

    private static boolean isReadable(Frame packet, long entry, @Nullable FtpSession session) {
        return ConnectionEntry.state(entry) == TcpState.ESTABLISHED.code()
                && packet.tcpPayloadLength() > 0
                && (session == null || !session.encrypted);
    }

    private static void acknowledged(FtpSession session, Frame packet) {
        session.window = Memory.getShortBe(packet.transport + Tcp.WINDOW_OFFSET);
        if ((packet.tcpFlags & Tcp.ACK) == 0) {
            return;
        }
        session.acknowledged = Memory.getIntBe(packet.transport + Tcp.ACKNOWLEDGMENT_OFFSET);
        if (!session.sent.isEmpty()
                && !SequenceShift.isAfter(session.sentEnd, session.acknowledged)) {
            session.sent.clear();
        }
        if (SequenceShift.isAfter(session.acknowledged, session.searched)) {
            session.searched(session.acknowledged, false);
        }
    }

    /** A client that has all there was to send on waits for what is held. */
    private static void extendAcknowledgment(FtpSession session, Frame packet) {
        int number = session.acknowledged;
        if ((packet.tcpFlags & Tcp.ACK) != 0
                && !session.held.isEmpty()
                && number == session.held.sequence) {
            long field = packet.transport + Tcp.ACKNOWLEDGMENT_OFFSET;
            SequenceShift.replace(packet, field, number, session.held.end());
        }
    }
}
