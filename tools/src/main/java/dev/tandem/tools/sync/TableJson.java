package dev.tandem.tools.sync;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.director.conn.ConnectionView;
import dev.tandem.sync.wire.SyncFlags;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a table, for machines.
 *
 * @param forwarding of the server to which the entry is bound, else of the message
 * @param active whether it counts among its server's active connections
 * @param bound null without rules
 * @param service PROTOCOL ADDRESS:PORT or FWM and the mark, null when it is not bound
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TableJson(
        String protocol,
        String client,
        String virtual,
        String real,
        String state,
        long expires,
        long timeout,
        boolean template,
        boolean active,
        String forwarding,
        int flags,
        long fwmark,
        @Nullable String peName,
        @Nullable String peData,
        @Nullable Boolean bound,
        @Nullable String service,
        @Nullable String scheduler) {
    static TableJson of(ConnectionView v, @Nullable Rules rules) {
        Rules.Binding binding = rules == null ? null : rules.find(v);
        return new TableJson(
                v.protocol(),
                v.client(),
                v.virtual(),
                v.real(),
                v.state(),
                v.expiresSeconds(),
                v.timeoutSeconds(),
                v.template(),
                !v.template() && (v.flags() & SyncFlags.INACTIVE) == 0,
                binding == null ? v.forwarding() : binding.server().method(),
                v.flags(),
                v.fwmark(),
                v.peName().isEmpty() ? null : v.peName(),
                v.peName().isEmpty() ? null : v.peData(),
                rules == null ? null : binding != null,
                binding == null ? null : name(binding.service()),
                binding == null ? null : binding.service().scheduler());
    }

    private static String name(Rule.Service service) {
        return service.fwmark() == 0
                ? service.protocol() + " " + service.virtual()
                : "FWM " + service.fwmark();
    }
}
