package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.IpvsOperation;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a command line asks for. */
sealed interface Request {
    /** One change. */
    record Change(Command command, IpvsOperation operation) implements Request {}

    /**
     * A listing.
     *
     * @param service null: all of them
     */
    record Listing(Set<Option> options, Ipvs.@Nullable ServiceId service) implements Request {}

    /** The services as command lines. */
    record Save(Set<Option> options) implements Request {}

    /** Command lines from the standard input. */
    record Restore() implements Request {}

    /** How it is used. */
    record Help() implements Request {}

    /** Which version it is. */
    record Version() implements Request {}
}
