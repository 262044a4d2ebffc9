package dev.tandem.tools.api;

import java.util.List;

/**
 * What is looked at before a planned switch-over; answer to {@code POST /v1/failover} with {@code
 * dryRun}.
 *
 * @param from the master; empty when none is known
 * @param to who shall be master; empty when nobody could be
 * @param passed whether it would be done
 */
public record Checks(String from, String to, boolean passed, List<Check> checks) {

    /**
     * One of them.
     *
     * @param passed whether it is as it should be
     * @param forcible whether {@code force} does it in spite of that
     * @param found what was found, in words
     */
    public record Check(String name, boolean passed, boolean forcible, String found) {}
}
