package dev.tandem.tools.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /v1/failover}: at most one of {@code to}, {@code take} and {@code release}.
 *
 * @param cluster may be left out where there is one
 * @param to who shall be master; left out for whoever is readiest
 * @param take whether this node shall take the addresses (role manual)
 * @param release whether this node shall release them (role manual)
 * @param force with {@code take}: without asking the wire first; in a move: though the target is
 *     not synced, lags or has other services
 * @param dryRun of a move only say what is looked at and found
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record FailoverRequest(
        @Nullable String cluster,
        @Nullable String to,
        boolean take,
        boolean release,
        boolean force,
        boolean dryRun) {
    static final FailoverRequest TO_THE_READIEST = to(null);

    /** To a node, or with null to whoever is readiest. */
    public static FailoverRequest to(@Nullable String node) {
        return new FailoverRequest(null, node, false, false, false, false);
    }

    /**
     * Refuses what makes no sense.
     *
     * @throws ApiException 400
     */
    void check() throws ApiException {
        if ((to != null ? 1 : 0) + (take ? 1 : 0) + (release ? 1 : 0) > 1) {
            throw new ApiException(400, "only one of to, take and release can be asked for");
        }
        if (force && release) {
            throw new ApiException(400, "force goes with to and take");
        }
        if (dryRun && (take || release)) {
            throw new ApiException(400, "dryRun goes with to");
        }
    }

    FailoverRequest dry() {
        return new FailoverRequest(cluster, to, take, release, force, true);
    }
}
