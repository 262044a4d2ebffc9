package dev.tandem.director.conn;

import dev.tandem.sync.wire.IpProtocol;

/**
 * Which connections stand under a persistence template. Templates that came by sync name no
 * connections, so this looks for those that a scheduler would have made for the connection's client
 * (net/netfilter/ipvs/ip_vs_core.c, ip_vs_sched_persist): of its service, of a service for all
 * ports, of its firewall mark. Templates of a client network wider than one address are not found,
 * nor those of a persistence engine. Worker thread only; allocates nothing.
 */
public final class TemplateLookup {
    private final ConnectionTable table;
    private final ConnectionKey key = new ConnectionKey();

    public TemplateLookup(ConnectionTable table) {
        this.table = table;
    }

    /** Whether a template for the connection is in the table. */
    public boolean isUnderTemplate(long entry) {
        int protocol = ConnectionEntry.protocol(entry);
        int mark = EntryDetails.fwmark(entry);
        return isThere(entry, protocol, ConnectionEntry.virtualPort(entry))
                || isThere(entry, protocol, 0)
                || (mark != 0 && isThereForMark(entry, mark));
    }

    private boolean isThere(long entry, int protocol, int virtualPort) {
        return ConnectionEntry.isIpv6(entry)
                ? isThere6(
                        entry,
                        protocol,
                        EntryAddresses6.virtualHigh(entry),
                        EntryAddresses6.virtualLow(entry),
                        virtualPort)
                : isThere4(entry, protocol, ConnectionEntry.virtualAddress(entry), virtualPort);
    }

    private boolean isThereForMark(long entry, int mark) {
        return ConnectionEntry.isIpv6(entry)
                ? isThere6(entry, IpProtocol.IP, (long) mark << 32, 0, 0)
                : isThere4(entry, IpProtocol.IP, mark, 0);
    }

    private boolean isThere4(long entry, int protocol, int virtualAddress, int virtualPort) {
        key.set(
                EntryKind.TEMPLATE,
                protocol,
                ConnectionEntry.clientAddress(entry),
                0,
                virtualAddress,
                virtualPort);
        return table.find(key) != ConnectionTable.NONE;
    }

    private boolean isThere6(
            long entry, int protocol, long virtualHigh, long virtualLow, int virtualPort) {
        key.set(
                EntryKind.TEMPLATE,
                protocol,
                EntryAddresses6.clientHigh(entry),
                EntryAddresses6.clientLow(entry),
                0,
                virtualHigh,
                virtualLow,
                virtualPort);
        return table.find(key) != ConnectionTable.NONE;
    }
}
