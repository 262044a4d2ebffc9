package dev.tandem.director.conn;

import dev.tandem.director.packet.Addresses;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A connection or template as people read it, copied out of the table.
 *
 * @param protocol as the kernel lists it: TCP, UDP, SCTP, IP for templates of firewall marks,
 *     otherwise IP_ and the number
 * @param client ADDRESS:PORT or [ADDRESS]:PORT, as {@code virtual} and {@code real}
 * @param virtual in a template of a firewall mark the mark, in the place of the address
 * @param state name of the state, as the kernel lists it
 * @param expiresSeconds time left without a packet, rounded down
 * @param timeoutSeconds full timeout of the state
 * @param forwarding nat, dr, or a method of the peer's that this director does not have
 * @param bound whether its server is configured here, or was
 * @param synced whether it came by a sync message
 * @param template whether it is a persistence template
 * @param flags bits of {@link SyncFlags}
 * @param fwmark firewall mark of its packets, 0 to 4294967295; 0: none
 * @param inPackets packets from the client
 * @param peName name of a template's persistence engine, empty when there is none
 * @param peData what the engine goes by, in hexadecimal
 */
public record ConnectionView(
        String protocol,
        String client,
        String virtual,
        String real,
        String state,
        long expiresSeconds,
        long timeoutSeconds,
        String forwarding,
        boolean bound,
        boolean synced,
        boolean template,
        int flags,
        long fwmark,
        int inPackets,
        String peName,
        String peData) {

    /** Copies an entry. Worker thread. */
    public static ConnectionView of(long entry, long nowNs) {
        boolean template = ConnectionEntry.isTemplate(entry);
        String peName = "";
        String peData = "";
        if (EntryDetails.hasEngine(entry)) {
            EngineData engine = new EngineData();
            EntryDetails.engine(entry, engine);
            peName = new String(engine.name(), StandardCharsets.ISO_8859_1);
            peData = HexFormat.of().formatHex(engine.data());
        }
        return new ConnectionView(
                protocolName(ConnectionEntry.protocol(entry)),
                endpoint(client(entry), ConnectionEntry.clientPort(entry)),
                endpoint(virtual(entry), ConnectionEntry.virtualPort(entry)),
                endpoint(real(entry), ConnectionEntry.realPort(entry)),
                stateName(entry),
                Math.max(0, (ConnectionEntry.deadlineNs(entry) - nowNs) / 1_000_000_000L),
                ConnectionEntry.timeoutSeconds(entry),
                forwardingName(ConnectionEntry.forwardingCode(entry)),
                ConnectionEntry.serverId(entry) != 0,
                ConnectionEntry.isSynced(entry),
                template,
                ConnectionEntry.flags(entry),
                Integer.toUnsignedLong(EntryDetails.fwmark(entry)),
                ConnectionEntry.inPackets(entry),
                peName,
                peData);
    }

    static String stateName(long entry) {
        return EntryStates.name(
                ConnectionEntry.protocol(entry),
                ConnectionEntry.isTemplate(entry),
                ConnectionEntry.state(entry));
    }

    /** How the kernel calls a protocol in its listings (ip_vs_proto_name). */
    static String protocolName(int number) {
        return switch (number) {
            case IpProtocol.IP -> "IP";
            case IpProtocol.TCP -> "TCP";
            case IpProtocol.UDP -> "UDP";
            case IpProtocol.SCTP -> "SCTP";
            default -> "IP_" + number;
        };
    }

    private static String forwardingName(int code) {
        return switch (code) {
            case SyncFlags.MASQ -> "nat";
            case SyncFlags.LOCALNODE -> "local";
            case SyncFlags.TUNNEL -> "tunnel";
            case SyncFlags.DROUTE -> "dr";
            case SyncFlags.BYPASS -> "bypass";
            default -> "method " + code;
        };
    }

    private static String client(long entry) {
        return ConnectionEntry.isIpv6(entry)
                ? bracketed(EntryAddresses6.clientHigh(entry), EntryAddresses6.clientLow(entry))
                : Addresses.format(ConnectionEntry.clientAddress(entry));
    }

    private static String virtual(long entry) {
        if (!ConnectionEntry.isIpv6(entry)) {
            return Addresses.format(ConnectionEntry.virtualAddress(entry));
        }
        return bracketed(EntryAddresses6.virtualHigh(entry), EntryAddresses6.virtualLow(entry));
    }

    private static String real(long entry) {
        return ConnectionEntry.isRealIpv6(entry)
                ? bracketed(ConnectionEntry.realHigh(entry), ConnectionEntry.realLow(entry))
                : Addresses.format((int) ConnectionEntry.realLow(entry));
    }

    private static String bracketed(long high, long low) {
        return "[" + Addresses.format(high, low) + "]";
    }

    private static String endpoint(String address, int port) {
        return address + ":" + port;
    }
}
