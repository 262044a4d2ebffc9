package dev.tandem.director.conn;

import dev.tandem.director.io.Memory;
import dev.tandem.director.packet.Packet;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncRecord;

/**
 * What tells entries apart: kind, protocol, client and virtual endpoint, and a persistence engine's
 * data. Filled anew for each use; belongs to one thread.
 *
 * <p>For packets of IPv4 connections {@link ConnectionTable#findIn} takes the same as plain
 * numbers; the key is for everything else.
 *
 * <p>Templates match as the kernel's do (ip_vs_ct_in_get): those of protocol 0 belong to a firewall
 * mark, which is the first four bytes of their virtual address, whatever follows; those with engine
 * data only match the same engine's same data, and then the client's port does not matter.
 */
public final class ConnectionKey {
    private static final long FIRST_FOUR_BYTES = 0xFFFF_FFFF_0000_0000L;
    private static final long LOW_INT = 0xFFFF_FFFFL;

    private final EngineData engine = new EngineData();
    private int kind;
    private int protocol;

    // IPv4 addresses stand in the low half
    private long clientHigh;
    private long clientLow;
    private long virtualHigh;
    private long virtualLow;
    private int clientPort;
    private int virtualPort;

    /** The key of a record's entry. */
    public ConnectionKey set(SyncRecord record) {
        int entryKind = EntryKind.of(record.flags());
        if (entryKind == EntryKind.NO_CLIENT_PORT && record.clientPort() != 0) {
            entryKind = EntryKind.CONNECTION;
        }
        if (record.isIpv6()) {
            set(
                    entryKind,
                    record.protocol(),
                    record.clientAddressHigh(),
                    record.clientAddressLow(),
                    record.clientPort(),
                    record.virtualAddressHigh(),
                    record.virtualAddressLow(),
                    record.virtualPort());
        } else {
            set(
                    entryKind,
                    record.protocol(),
                    record.clientAddress(),
                    record.clientPort(),
                    record.virtualAddress(),
                    record.virtualPort());
        }
        if ((kind & EntryKind.TEMPLATE) != 0) {
            engine.set(record.options());
            if (!engine.isEmpty()) {
                kind |= EntryKind.ENGINE;
            }
        }
        return this;
    }

    /** The key of a packet's connection. */
    ConnectionKey set(Packet packet) {
        return set(
                EntryKind.CONNECTION,
                packet.ipv6,
                packet.protocol,
                packet.sourceHigh,
                packet.sourceLow,
                packet.sourcePort,
                packet.destinationHigh,
                packet.destinationLow,
                packet.destinationPort);
    }

    /** The key of a firewall mark's template. */
    ConnectionKey setOfMark(boolean ipv6, long newClientHigh, long newClientLow, int fwmark) {
        return set(
                EntryKind.TEMPLATE,
                ipv6,
                IpProtocol.IP,
                newClientHigh,
                newClientLow,
                0,
                ipv6 ? (long) fwmark << 32 : 0,
                ipv6 ? 0 : Integer.toUnsignedLong(fwmark),
                0);
    }

    /**
     * The key of a connection that is announced on another, its control connection: of the same
     * family, protocol and virtual address.
     *
     * @param newClientPort 0: not known; the first packet tells
     */
    public ConnectionKey announced(
            long control,
            long newClientHigh,
            long newClientLow,
            int newClientPort,
            int newVirtualPort) {
        return set(
                newClientPort == 0 ? EntryKind.NO_CLIENT_PORT : EntryKind.CONNECTION,
                ConnectionEntry.isIpv6(control),
                ConnectionEntry.protocol(control),
                newClientHigh,
                newClientLow,
                newClientPort,
                ConnectionEntry.virtualHigh(control),
                ConnectionEntry.virtualLow(control),
                newVirtualPort);
    }

    /** A key of either family; IPv4 addresses stand in the low halves. */
    ConnectionKey set(
            int newKind,
            boolean ipv6,
            int newProtocol,
            long newClientHigh,
            long newClientLow,
            int newClientPort,
            long newVirtualHigh,
            long newVirtualLow,
            int newVirtualPort) {
        set(
                newKind,
                newProtocol,
                newClientHigh,
                newClientLow,
                newClientPort,
                newVirtualHigh,
                newVirtualLow,
                newVirtualPort);
        kind = ipv6 ? newKind | EntryKind.IPV6 : newKind;
        return this;
    }

    /**
     * An IPv4 key.
     *
     * @param newKind of {@link EntryKind}
     */
    public ConnectionKey set(
            int newKind,
            int newProtocol,
            int clientAddress,
            int newClientPort,
            int virtualAddress,
            int newVirtualPort) {
        set(
                newKind,
                newProtocol,
                0,
                clientAddress & LOW_INT,
                newClientPort,
                0,
                virtualAddress & LOW_INT,
                newVirtualPort);
        kind = newKind;
        return this;
    }

    /**
     * An IPv6 key.
     *
     * @param newKind of {@link EntryKind}; IPv6 is added
     */
    public ConnectionKey set(
            int newKind,
            int newProtocol,
            long newClientHigh,
            long newClientLow,
            int newClientPort,
            long newVirtualHigh,
            long newVirtualLow,
            int newVirtualPort) {
        kind = newKind | EntryKind.IPV6;
        protocol = newProtocol;
        clientHigh = newClientHigh;
        clientLow = newClientLow;
        clientPort = newClientPort;
        virtualHigh = newVirtualHigh;
        virtualLow = newVirtualLow;
        virtualPort = newVirtualPort;
        engine.clear();
        return this;
    }

    /** The engine's data that a template has to match; empty for all others. */
    public EngineData engine() {
        return engine;
    }

    /** Makes this the key of a template that matches the present content of {@link #engine}. */
    public ConnectionKey withEngine() {
        kind |= EntryKind.TEMPLATE | EntryKind.ENGINE;
        return this;
    }

    /** Bits of {@link EntryKind}. */
    public int kind() {
        return kind;
    }

    /** The same with another kind; the family stays. */
    ConnectionKey kind(int newKind) {
        kind = newKind | (kind & EntryKind.IPV6);
        return this;
    }

    ConnectionKey clientPort(int port) {
        clientPort = port;
        return this;
    }

    int clientPort() {
        return clientPort;
    }

    boolean isIpv6() {
        return (kind & EntryKind.IPV6) != 0;
    }

    boolean isTemplate() {
        return (kind & EntryKind.TEMPLATE) != 0;
    }

    int tag(ConnectionHash hash) {
        boolean withEngine = (kind & EntryKind.ENGINE) != 0;
        int port = withEngine ? 0 : clientPort;
        int tag;
        if (!isIpv6()) {
            tag = hash.in(protocol, kind, (int) clientLow, port, (int) virtualLow, virtualPort);
        } else {
            boolean mark = isOfMark();
            tag =
                    hash.in(
                            protocol,
                            kind,
                            clientHigh,
                            clientLow,
                            port,
                            mark ? virtualHigh & FIRST_FOUR_BYTES : virtualHigh,
                            mark ? 0 : virtualLow,
                            virtualPort);
        }
        return withEngine ? hash.withEngine(tag, engine) : tag;
    }

    boolean matches(long entry) {
        boolean withEngine = (kind & EntryKind.ENGINE) != 0;
        return Memory.getShort(entry + ConnectionEntry.PROTOCOL_AND_KIND_OFFSET)
                        == (protocol | kind << 8)
                && (withEngine || ConnectionEntry.clientPort(entry) == clientPort)
                && ConnectionEntry.virtualPort(entry) == virtualPort
                && (isIpv6() ? hasAddresses6(entry) : hasAddresses(entry))
                && (!withEngine || EntryDetails.matches(entry, engine));
    }

    private boolean hasAddresses(long entry) {
        return ConnectionEntry.clientAddress(entry) == (int) clientLow
                && ConnectionEntry.virtualAddress(entry) == (int) virtualLow;
    }

    private boolean hasAddresses6(long entry) {
        if (EntryAddresses6.clientLow(entry) != clientLow
                || EntryAddresses6.clientHigh(entry) != clientHigh) {
            return false;
        }
        long difference = EntryAddresses6.virtualHigh(entry) ^ virtualHigh;
        return isOfMark()
                ? (difference & FIRST_FOUR_BYTES) == 0
                : difference == 0 && EntryAddresses6.virtualLow(entry) == virtualLow;
    }

    private boolean isOfMark() {
        return protocol == IpProtocol.IP && isTemplate();
    }

    /** Writes what the key says into an entry whose cells are there. */
    void write(long entry) {
        Memory.putShort(entry + ConnectionEntry.PROTOCOL_AND_KIND_OFFSET, protocol | kind << 8);
        Memory.putShort(entry + ConnectionEntry.CLIENT_PORT_OFFSET, clientPort);
        Memory.putShort(entry + ConnectionEntry.VIRTUAL_PORT_OFFSET, virtualPort);
        if (isIpv6()) {
            EntryAddresses6.client(entry, clientHigh, clientLow);
            EntryAddresses6.virtual(entry, virtualHigh, virtualLow);
        } else {
            Memory.putInt(entry + ConnectionEntry.CLIENT_ADDRESS_OFFSET, (int) clientLow);
            Memory.putInt(entry + ConnectionEntry.VIRTUAL_ADDRESS_OFFSET, (int) virtualLow);
        }
    }
}
