package dev.tandem.director.app;

import dev.tandem.director.config.Forwarding;
import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Ipv4;
import dev.tandem.sync.wire.SyncFlags;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * The helpers, as the packet path sees them. It asks {@link #concerns} for each entry, and for the
 * few that say yes puts the packet through {@link #fromClient} or {@link #fromServer}: after the
 * entry's state has moved, before addresses are translated and before the packet's length is
 * measured against the MTU. The packet's checksum is right for its present addresses before and
 * after, or partial before and after. Worker thread only.
 */
public final class Apps {
    private static final int SEQUENCE_FLAGS = SyncFlags.IN_SEQ | SyncFlags.OUT_SEQ;

    private final int[] ftpPorts;
    private final FtpHelper ftp;
    private final AppCounters counters;

    /**
     * @param connections where FTP's data connections are announced
     * @param ftpPorts ports of services whose connections are FTP control connections
     * @param arena lives as long as this
     */
    public Apps(
            ConnectionTable table,
            DataConnections connections,
            List<Integer> ftpPorts,
            AppCounters counters,
            Arena arena) {
        this.ftpPorts = ftpPorts.stream().mapToInt(Integer::intValue).toArray();
        this.counters = counters;
        this.ftp = new FtpHelper(table, connections, new TcpText(arena), counters);
    }

    /** Whether the packets of this connection are to be put through. */
    public boolean concerns(long entry) {
        return ConnectionEntry.protocol(entry) == Ipv4.PROTOCOL_TCP
                && ConnectionEntry.forwardingCode(entry) == Forwarding.NAT.code()
                && ((ConnectionEntry.flags(entry) & SEQUENCE_FLAGS) != 0 || isFtp(entry));
    }

    /** A client's packet. */
    public Verdict fromClient(Frame packet, long entry, long nowNs) {
        if (isDamaged(packet)) {
            return Verdict.DROP;
        }
        adjust(packet, entry, false);
        if (isFtp(entry)) {
            ftp.fromClient(packet, entry, nowNs);
        }
        return Verdict.PASS;
    }

    /** A server's packet. */
    public Verdict fromServer(Frame packet, long entry, long nowNs) {
        if (isDamaged(packet)) {
            return Verdict.DROP;
        }
        Verdict verdict = isFtp(entry) ? ftp.fromServer(packet, entry, nowNs) : Verdict.PASS;
        if (verdict == Verdict.PASS) {
            adjust(packet, entry, true);
        }
        return verdict;
    }

    /** Rewriting would give the packet a right checksum, whatever had become of it. */
    private boolean isDamaged(Frame packet) {
        if (TcpText.isIntact(packet)) {
            return false;
        }
        counters.badChecksums.add(1);
        return true;
    }

    private void adjust(Frame packet, long entry, boolean fromServer) {
        if (SequenceShift.apply(packet, entry, fromServer)) {
            counters.adjusted.add(1);
        }
    }

    private boolean isFtp(long entry) {
        int port = ConnectionEntry.virtualPort(entry);
        for (int ftpPort : ftpPorts) {
            if (port == ftpPort) {
                return true;
            }
        }
        return false;
    }
}
