package dev.tandem.director.conn;

import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.Setting;
import dev.tandem.director.packet.Packet;
import dev.tandem.director.service.RealServer;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import dev.tandem.sync.wire.SyncState;
import org.jspecify.annotations.Nullable;

/**
 * Moves entries through the states of their protocols, and restarts their timers with the timeout
 * of the state that they come to. Worker thread only.
 */
final class EntryMachine {
    private final ConnectionTable table;
    private final LiveSettings settings;
    private boolean secure;

    EntryMachine(ConnectionTable table, LiveSettings settings) {
        this.table = table;
        this.settings = settings;
    }

    /** Which TCP table holds from now on; connections go on from the states that they are in. */
    void secure(boolean on) {
        secure = on;
    }

    /**
     * A packet goes through the entry.
     *
     * @param server what the entry is bound to
     * @param output whether it comes from the server; from then on replies are expected
     * @return whether the state has changed
     */
    boolean advance(
            long entry, @Nullable RealServer server, boolean output, Packet packet, long nowNs) {
        int flags = ConnectionEntry.flags(entry);
        int direction = TcpStateMachine.INPUT;
        if (output) {
            direction = TcpStateMachine.OUTPUT;
            ConnectionEntry.flags(entry, flags & ~SyncFlags.NOOUTPUT);
        } else if ((flags & SyncFlags.NOOUTPUT) != 0) {
            direction = TcpStateMachine.INPUT_ONLY;
        }
        return switch (ConnectionEntry.protocol(entry)) {
            case IpProtocol.TCP -> tcp(entry, server, direction, packet.tcpFlags, nowNs);
            case IpProtocol.SCTP ->
                    sctp(entry, server, direction, SctpStateMachine.event(packet), nowNs);
            case IpProtocol.UDP -> udp(entry, output, nowNs);
            default -> unchanged(entry, nowNs);
        };
    }

    private boolean tcp(
            long entry, @Nullable RealServer server, int direction, int tcpFlags, long nowNs) {
        int state = ConnectionEntry.state(entry);
        int next = TcpStateMachine.next(secure, direction, tcpFlags, state);
        ConnectionEntry.startTimer(entry, settings.now().tcpTimeoutSeconds(next), nowNs);
        if (next == state) {
            return false;
        }
        moved(entry, server, next, TcpStateMachine.isActive(next));
        if (next == SyncState.TCP_ESTABLISHED) {
            assureTemplate(entry);
        }
        return true;
    }

    private boolean sctp(
            long entry, @Nullable RealServer server, int direction, int event, long nowNs) {
        if (event == SctpStateMachine.NO_EVENT) {
            return unchanged(entry, nowNs);
        }
        int state = ConnectionEntry.state(entry);
        int next = SctpStateMachine.next(direction, event, state);
        ConnectionEntry.startTimer(entry, settings.now().sctpTimeoutSeconds(next), nowNs);
        if (next == state) {
            return false;
        }
        boolean established = next == SyncState.SCTP_ESTABLISHED;
        moved(entry, server, next, established);
        if (established) {
            assureTemplate(entry);
        }
        return true;
    }

    private boolean udp(long entry, boolean output, long nowNs) {
        ConnectionEntry.startTimer(entry, settings.get(Setting.TIMEOUT_UDP), nowNs);
        if (output) {
            assureTemplate(entry);
        }
        return false;
    }

    private static boolean unchanged(long entry, long nowNs) {
        ConnectionEntry.restartTimer(entry, nowNs);
        return false;
    }

    private static void moved(long entry, @Nullable RealServer server, int next, boolean active) {
        ConnectionEntry.state(entry, next);
        if (server != null && active == ConnectionEntry.isInactive(entry)) {
            ConnectionEntry.flags(entry, ConnectionEntry.flags(entry) ^ SyncFlags.INACTIVE);
            server.shift(!active);
        }
    }

    /** Its template has brought about what is worth keeping: drop_entry spares it. */
    private void assureTemplate(long entry) {
        long parent = table.parent(entry);
        if (parent != ConnectionTable.NONE && ConnectionEntry.isTemplate(parent)) {
            ConnectionEntry.state(parent, SyncState.TEMPLATE_ASSURED);
        }
    }
}
