package dev.tandem.tools.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Answer to {@code GET} and {@code POST /v1/settings}.
 *
 * @param settings those that were asked for or set, in that order; without a name all
 * @param others the kernel's sysctls that are none here; only where all were asked for
 */
public record SettingsAnswer(String cluster, List<Named> settings, List<Other> others) {
    /**
     * A setting.
     *
     * @param name as the kernel calls it, without {@code net.ipv4.vs.}
     * @param byDefault its value unless it is set
     * @param min the least permitted value
     * @param max the greatest permitted value
     * @param meaning what it does
     */
    public record Named(
            String name,
            int value,
            @JsonProperty("default") int byDefault,
            int min,
            int max,
            String meaning) {}

    /**
     * A sysctl that a kernel has.
     *
     * @param reason why it is no setting
     */
    public record Other(String name, String reason) {}
}
