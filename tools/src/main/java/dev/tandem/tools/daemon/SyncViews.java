package dev.tandem.tools.daemon;

import dev.tandem.director.config.SyncConfig;
import dev.tandem.sync.SyncPolicy;
import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.sync.transport.SyncLinkConfig;
import dev.tandem.sync.transport.SyncLinkCounters;
import dev.tandem.tools.api.Status.Settings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The replication's part of a status. */
final class SyncViews {
    private SyncViews() {}

    static Settings settings(SyncConfig sync) {
        SyncLinkConfig link = sync.link();
        SyncPolicy policy = sync.policy();
        return new Settings(
                sync.version(),
                link.ports(),
                link.ttl(),
                link.maxLength(),
                link.queueLength(),
                link.socketBufferBytes(),
                link.peers().stream().map(peer -> peer.getAddress().getHostAddress()).toList(),
                policy.threshold(),
                policy.period(),
                policy.refreshPeriodSeconds(),
                policy.retries(),
                policy.persistMode(),
                sync.flushMs(),
                sync.hardening().mode().name().toLowerCase(Locale.ROOT),
                sync.hardening().keys().stream().map(SyncKey::id).toList());
    }

    static Map<String, Long> link(SyncLinkCounters link) {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("sent", link.sent());
        counters.put("sentBytes", link.sentBytes());
        counters.put("sendErrors", link.sendErrors());
        new TreeMap<>(link.sendErrorReasons())
                .forEach((reason, count) -> counters.put("sendErrors: " + reason, count));
        counters.put("sendDrops", link.sendDrops());
        counters.put("received", link.received());
        counters.put("receivedBytes", link.receivedBytes());
        counters.put("receiveErrors", link.receiveErrors());
        counters.put("receiveDrops", link.receiveDrops());
        counters.put("socketDrops", link.socketDrops());
        counters.put("truncated", link.truncated());
        counters.put("strangers", link.strangers());
        counters.put("reopened", link.reopened());
        return counters;
    }
}
