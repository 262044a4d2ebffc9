package dev.tandem.tools.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /v1/maintenance}.
 *
 * @param cluster may be left out where there is one
 * @param on whether this node shall be kept from owning the addresses; must be there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MaintenanceRequest(@Nullable String cluster, @Nullable Boolean on) {}
