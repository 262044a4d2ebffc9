package dev.tandem.director.app;

import dev.tandem.director.conn.ConnectionKey;

/** Where data connections are announced that a helper has heard of. */
@FunctionalInterface
public interface DataConnections {
    /**
     * Makes an entry for a connection of the same server as the control connection, which stands
     * under that one, listening; when it is there already, it waits anew.
     *
     * @param control entry of the control connection
     * @param key {@link ConnectionKey#announced} on it
     * @param realHigh where the server has it, of the same family; IPv4 addresses in the low half
     * @return the entry, or {@link dev.tandem.director.conn.ConnectionTable#NONE} when there is no
     *     room for it
     */
    long expect(
            long control, ConnectionKey key, long realHigh, long realLow, int realPort, long nowNs);
}
