package dev.tandem.director.conn;

/** Why a new connection was not made. */
public enum Refusal {
    /** It was made. */
    NONE,
    /** The service has no server with a weight, or none at all: the client is told. */
    NO_SERVER,
    /** The connection table holds as many entries as it may. */
    TABLE_FULL,
    /** The defence against floods sacrificed it (drop_packet). */
    DROPPED,
    /** The persistence engine did not find in the packet what it goes by. */
    ENGINE,
    /**
     * It is not for the service after all: FTP's data from port 20 to a client, or another port of
     * an FTP service's address.
     */
    LEFT
}
