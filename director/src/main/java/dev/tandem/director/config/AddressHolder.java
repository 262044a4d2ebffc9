package dev.tandem.director.config;

/** Who holds the addresses of the services. */
public enum AddressHolder {
    /** The director alone: it answers ARP and ping for them, and whatever nobody serves. */
    DIRECTOR,
    /**
     * The host has them on its interfaces or is the gateway to them: the director takes what
     * belongs to a service or a connection, and leaves everything else to the host.
     */
    HOST
}
