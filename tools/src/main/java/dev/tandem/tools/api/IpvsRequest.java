package dev.tandem.tools.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /v1/ipvs}: changes, made one after the other, whatever became of those
 * before.
 *
 * @param cluster may be left out where there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IpvsRequest(@Nullable String cluster, List<IpvsOperation> operations) {
    /**
     * Refuses what makes no sense.
     *
     * @throws ApiException 400
     */
    @SuppressWarnings("NullAway") // who sends JSON may leave anything out
    void check() throws ApiException {
        if (operations == null) {
            throw new ApiException(400, "operations is missing");
        }
        for (IpvsOperation operation : operations) {
            if (operation == null || operation.command() == null) {
                throw new ApiException(400, "every operation needs a command");
            }
            operation.check();
        }
    }
}
