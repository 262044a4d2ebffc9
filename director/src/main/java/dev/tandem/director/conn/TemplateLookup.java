package dev.tandem.director.conn;

import dev.tandem.director.service.VirtualService;
import org.jspecify.annotations.Nullable;

/**
 * Finds the template under which a connection that came by sync would stand here, for sync messages
 * say nothing of it: the one that a scheduler would have used for its client ({@link Scheduling}).
 * Those of a persistence engine are not found, for the connection does not say what it went by.
 * Worker thread only; allocates nothing.
 */
public final class TemplateLookup {
    private final ConnectionTable table;
    private final ConnectionKey key = new ConnectionKey();

    public TemplateLookup(ConnectionTable table) {
        this.table = table;
    }

    /**
     * Whether the entry stands under a template: by its link, or, if it has none, as far as can be
     * found out.
     *
     * @param service what the entry is bound to, or null
     */
    public boolean isUnderTemplate(long entry, @Nullable VirtualService service) {
        long parent = table.parent(entry);
        if (parent == ConnectionTable.NONE) {
            return find(entry, service) != ConnectionTable.NONE;
        }
        while (parent != ConnectionTable.NONE) {
            if (ConnectionEntry.isTemplate(parent)) {
                return true;
            }
            parent = table.parent(parent);
        }
        return false;
    }

    /**
     * The template for a connection, or NONE: of its port, of all ports, of its mark.
     *
     * @param service whose client mask holds; null: every client by itself
     */
    long find(long entry, @Nullable VirtualService service) {
        boolean ipv6 = ConnectionEntry.isIpv6(entry);
        long clientHigh = ipv6 ? EntryAddresses6.clientHigh(entry) : 0;
        long clientLow =
                ipv6
                        ? EntryAddresses6.clientLow(entry)
                        : Integer.toUnsignedLong(ConnectionEntry.clientAddress(entry));
        if (service != null) {
            clientHigh &= service.clientMaskHigh();
            clientLow &= service.clientMaskLow();
        }
        long found = find(entry, ipv6, clientHigh, clientLow, ConnectionEntry.virtualPort(entry));
        if (found == ConnectionTable.NONE) {
            found = find(entry, ipv6, clientHigh, clientLow, 0);
        }
        int mark = EntryDetails.fwmark(entry);
        return found == ConnectionTable.NONE && mark != 0
                ? table.find(key.setOfMark(ipv6, clientHigh, clientLow, mark))
                : found;
    }

    private long find(long entry, boolean ipv6, long clientHigh, long clientLow, int virtualPort) {
        return table.find(
                key.set(
                        EntryKind.TEMPLATE,
                        ipv6,
                        ConnectionEntry.protocol(entry),
                        clientHigh,
                        clientLow,
                        0,
                        ipv6 ? EntryAddresses6.virtualHigh(entry) : 0,
                        ipv6
                                ? EntryAddresses6.virtualLow(entry)
                                : Integer.toUnsignedLong(ConnectionEntry.virtualAddress(entry)),
                        virtualPort));
    }
}
