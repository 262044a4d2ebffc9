package dev.tandem.director.conn;

import dev.tandem.director.packet.Addresses;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncFlags;

/**
 * A connection as people read it, copied out of the table.
 *
 * @param protocol TCP or UDP
 * @param client ADDRESS:PORT, as {@code virtual} and {@code real}
 * @param state name of the state, as the kernel lists it
 * @param expiresSeconds time left without a packet, rounded down
 * @param forwarding nat, dr, or a method of the peer's that this director does not have
 * @param bound whether its server is configured here, or was
 * @param synced whether it came by a sync message
 * @param inPackets packets from the client
 */
public record ConnectionView(
        String protocol,
        String client,
        String virtual,
        String real,
        String state,
        long expiresSeconds,
        String forwarding,
        boolean bound,
        boolean synced,
        int inPackets) {
    /** Name of UDP's only state. */
    static final String UDP_STATE = "UDP";

    private static final TcpState[] TCP_STATES = TcpState.values();

    /** Copies an entry. Worker thread. */
    public static ConnectionView of(long entry, long nowNs) {
        return new ConnectionView(
                ConnectionEntry.protocol(entry) == IpProtocol.TCP ? "TCP" : "UDP",
                endpoint(ConnectionEntry.clientAddress(entry), ConnectionEntry.clientPort(entry)),
                endpoint(ConnectionEntry.virtualAddress(entry), ConnectionEntry.virtualPort(entry)),
                endpoint(ConnectionEntry.realAddress(entry), ConnectionEntry.realPort(entry)),
                stateName(entry),
                Math.max(0, (ConnectionEntry.deadlineNs(entry) - nowNs) / 1_000_000_000L),
                forwardingName(ConnectionEntry.forwardingCode(entry)),
                ConnectionEntry.serverId(entry) != 0,
                (ConnectionEntry.flags(entry) & SyncFlags.SYNC) != 0,
                ConnectionEntry.inPackets(entry));
    }

    static String stateName(long entry) {
        return ConnectionEntry.protocol(entry) == IpProtocol.TCP
                ? TCP_STATES[ConnectionEntry.state(entry)].name()
                : UDP_STATE;
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

    private static String endpoint(int address, int port) {
        return Addresses.format(address) + ":" + port;
    }
}
