package dev.tandem.director.app;

import dev.tandem.director.conn.ConnectionEntry;
import dev.tandem.director.conn.ConnectionTable;
import dev.tandem.director.conn.EntryDetails;
import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Checksums;
import dev.tandem.director.packet.Frame;
import dev.tandem.director.packet.Tcp;
import dev.tandem.sync.wire.SyncFlags;

/**
 * Moves sequence numbers by what rewritten payload was longer or shorter (the kernel's vs_fix_seq,
 * vs_fix_ack_seq, vs_seq_update; ip_vs_app.c). Of each direction the entry holds where in the
 * stream the last rewrite was, by how much numbers behind it move, and by how much those before it
 * do; the numbers are those of the sender, before they move. A synced peer goes on with them.
 *
 * <p>Beyond the kernel, the edges of SACK blocks (RFC 2018) move with the acknowledgment number.
 */
final class SequenceShift {
    /** The first number of each direction in {@link EntryDetails#sequence}. */
    private static final int TO_SERVER = 0;

    private static final int TO_CLIENT = 3;

    private SequenceShift() {}

    /** Moves the packet's numbers and keeps its checksum right. Returns whether any moved. */
    static boolean apply(Frame packet, long entry, boolean fromServer) {
        int flags = ConnectionEntry.flags(entry);
        boolean toClient = (flags & SyncFlags.OUT_SEQ) != 0;
        boolean toServer = (flags & SyncFlags.IN_SEQ) != 0;
        boolean moved = false;
        if (fromServer ? toClient : toServer) {
            moved = sequence(packet, entry, fromServer ? TO_CLIENT : TO_SERVER);
        }
        if (fromServer ? toServer : toClient) {
            moved |= acknowledgment(packet, entry, fromServer ? TO_SERVER : TO_CLIENT);
        }
        return moved;
    }

    /** Whether {@code a} comes behind {@code b} in the stream. */
    static boolean isAfter(int a, int b) {
        return a - b > 0;
    }

    /** The number that the other side knows a sequence number of this direction by. */
    static int moved(int number, long entry, boolean fromServer) {
        int first = fromServer ? TO_CLIENT : TO_SERVER;
        int initial = EntryDetails.sequence(entry, first);
        int i = first + (isAfter(number, initial) ? 1 : 2);
        return number + EntryDetails.sequence(entry, i);
    }

    /** The sender's own number for one that the other side knows; undoes {@link #moved}. */
    static int unmoved(int number, long entry, boolean fromServer) {
        int first = fromServer ? TO_CLIENT : TO_SERVER;
        int initial = EntryDetails.sequence(entry, first);
        int delta = EntryDetails.sequence(entry, first + 1);
        return number
                - (isAfter(number, initial + delta)
                        ? delta
                        : EntryDetails.sequence(entry, first + 2));
    }

    /**
     * Notes that payload of the server grew, or shrank.
     *
     * @param at the sender's sequence number of what was rewritten
     * @param growth in bytes
     * @return false when the table has no room for it
     */
    static boolean note(ConnectionTable table, long entry, int at, int growth) {
        boolean first = (ConnectionEntry.flags(entry) & SyncFlags.OUT_SEQ) == 0;
        if (!first && !isAfter(at, EntryDetails.sequence(entry, TO_CLIENT))) {
            return true;
        }
        int delta = first ? 0 : EntryDetails.sequence(entry, TO_CLIENT + 1);
        return table.sequence(entry, at, delta + growth, delta);
    }

    private static boolean sequence(Frame packet, long entry, int first) {
        long field = packet.transport + Tcp.SEQUENCE_OFFSET;
        int number = Memory.getIntBe(field);
        return replace(packet, field, number, moved(number, entry, first == TO_CLIENT));
    }

    private static boolean acknowledgment(Frame packet, long entry, int first) {
        if ((packet.tcpFlags & Tcp.ACK) == 0) {
            return false;
        }
        boolean moved =
                acknowledged(packet, packet.transport + Tcp.ACKNOWLEDGMENT_OFFSET, entry, first);
        long sack = TcpOptions.find(packet.transport, TcpOptions.SACK);
        if (sack != 0) {
            long end = sack + Memory.getByte(sack + 1);
            for (long edge = sack + 2; edge + Integer.BYTES <= end; edge += Integer.BYTES) {
                moved |= acknowledged(packet, edge, entry, first);
            }
        }
        return moved;
    }

    private static boolean acknowledged(Frame packet, long field, long entry, int first) {
        int number = Memory.getIntBe(field);
        return replace(packet, field, number, unmoved(number, entry, first == TO_CLIENT));
    }

    /** Writes a number of the TCP header, at an odd address too; a partial sum has it not in. */
    static boolean replace(Frame packet, long field, int from, int to) {
        if (from == to) {
            return false;
        }
        Memory.putIntBe(field, to);
        if (!packet.partialChecksum) {
            int delta = Checksums.delta32(from, to);
            boolean odd = (field - packet.transport & 1) != 0;
            Checksums.update(
                    packet.transport + Tcp.CHECKSUM_OFFSET,
                    odd ? Short.reverseBytes((short) delta) & 0xFFFF : delta);
        }
        return true;
    }
}
