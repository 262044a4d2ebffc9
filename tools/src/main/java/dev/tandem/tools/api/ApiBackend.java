package dev.tandem.tools.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the API asks of the daemon. Called on virtual threads, several at once; every method may
 * block.
 */
public interface ApiBackend {

    /** The node as it is now. */
    Status status() throws ApiException;

    /** The connections that match, at most {@link ConnectionQuery#limit()} of them. */
    Connections connections(ConnectionQuery query) throws ApiException;

    /**
     * Moves the addresses to another node and waits until that is over.
     *
     * @param to who shall be master; null for whoever is readiest
     * @throws ApiException with 409 and the reason when it was refused
     */
    Report failover(@Nullable String to) throws ApiException;

    /** The failovers that this node took part in, the latest first. */
    List<Report> reports() throws ApiException;
}
