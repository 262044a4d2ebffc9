package dev.tandem.director.app;

/** Where data connections are announced that a helper has heard of. */
@FunctionalInterface
public interface DataConnections {
    /**
     * Makes an entry for a connection of the same server as the control connection, which stands
     * under that one, listening; when it is there already, it waits anew. Addresses are of the
     * control connection's family, IPv4 ones in the low halves.
     *
     * @param control entry of the control connection
     * @param clientPort 0: not known; the first packet tells
     * @return the entry, or {@link dev.tandem.director.conn.ConnectionTable#NONE} when there is no
     *     room for it
     */
    long expect(
            long control,
            long clientHigh,
            long clientLow,
            int clientPort,
            long virtualHigh,
            long virtualLow,
            int virtualPort,
            long realHigh,
            long realLow,
            int realPort,
            long nowNs);
}
