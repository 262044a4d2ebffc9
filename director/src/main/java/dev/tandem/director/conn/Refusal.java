package dev.tandem.director.conn;

/** Why a new connection was not made. */
public enum Refusal {
    /** It was made. */
    NONE,
    /** The service has no server with a weight, or none at all. */
    NO_SERVER,
    /** The connection table holds as many entries as it may. */
    TABLE_FULL
}
