package dev.tandem.tools.daemon;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.Setting;
import dev.tandem.director.config.VirtualServiceConfig;
import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one node tells another of its services, as JSON: which version it has and, unless it is only
 * for the other to know, all of them.
 *
 * @param format {@link #FORMAT}; grows when an older node would misunderstand
 * @param digest of the services and settings that the sender's director really has
 * @param refused a newer version that the sender could not make its own; null when there is none
 * @param content null: the version only
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ServicesMessage(
        int format,
        ServicesVersion version,
        String digest,
        @Nullable Refusal refused,
        @Nullable Content content) {
    private static final int FORMAT = 1;
    private static final int DIGEST_BYTES = 8;

    /** A version that was not taken over, and why. */
    record Refusal(ServicesVersion version, String reason) {}

    /**
     * The services in the API's words.
     *
     * @param settings by name those that differ from the default, so that a node that knows fewer
     *     is content until one is set that it lacks
     */
    record Content(List<Service> services, Map<String, Integer> settings) {
        private static Content of(ServicesContent content) {
            Map<String, Integer> settings = new LinkedHashMap<>();
            for (Setting setting : Setting.values()) {
                if (content.settings().get(setting) != setting.byDefault()) {
                    settings.put(setting.kernelName(), content.settings().get(setting));
                }
            }
            return new Content(content.services().stream().map(Service::of).toList(), settings);
        }

        /**
         * As a director's records.
         *
         * @throws RuntimeException when it cannot be, of whatever kind; the message says why
         */
        ServicesContent read() {
            DirectorSettings values = DirectorSettings.DEFAULT;
            for (Map.Entry<String, Integer> each : settings.entrySet()) {
                Setting setting =
                        Setting.named(each.getKey())
                                .orElseThrow(() ->
                                        new IllegalArgumentException(
                                                "there is no setting " + each.getKey()));
                values = values.with(setting, each.getValue());
            }
            return new ServicesContent(services.stream().map(Service::config).toList(), values);
        }
    }

    /** A service and its servers, the oldest first. */
    record Service(
            Ipvs.ServiceId id, Ipvs.ServiceSettings settings, List<Ipvs.ServerSettings> servers) {
        private static Service of(VirtualServiceConfig config) {
            return new Service(
                    IpvsViews.id(config.id()),
                    IpvsViews.settings(config.id(), config.options()),
                    config.servers().stream().map(IpvsViews::server).toList());
        }

        private VirtualServiceConfig config() {
            return new VirtualServiceConfig(
                    IpvsWords.id(id),
                    IpvsWords.options(id, settings),
                    servers.stream().map(IpvsWords::server).toList());
        }
    }

    /** The version, and what is at the sender. */
    static ServicesMessage have(ServicesVersion version, String digest, @Nullable Refusal refused) {
        return new ServicesMessage(FORMAT, version, digest, refused, null);
    }

    /** The version with all that belongs to it. */
    static ServicesMessage all(ServicesVersion version, String digest, ServicesContent here) {
        return new ServicesMessage(FORMAT, version, digest, null, Content.of(here));
    }

    /** Tells contents apart; the same on every node. */
    static String digest(ServicesContent content) {
        try {
            byte[] whole =
                    MessageDigest.getInstance("SHA-256").digest(Json.compact(Content.of(content)));
            return HexFormat.of().formatHex(whole, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    String encode() {
        return new String(Json.compact(this), StandardCharsets.UTF_8);
    }

    /**
     * Reads a message; what it has of services is not looked at yet.
     *
     * @throws IOException when it is none, or of another format
     */
    static ServicesMessage decode(String text) throws IOException {
        ServicesMessage message =
                Json.readStrictly(text.getBytes(StandardCharsets.UTF_8), ServicesMessage.class);
        if (message == null || message.format != FORMAT) {
            throw new IOException("not of format " + FORMAT);
        }
        if (message.digest == null || !isWhole(message.version)) {
            throw new IOException("no version");
        }
        if (message.refused != null && !isWhole(message.refused.version)) {
            throw new IOException("no version refused");
        }
        return message;
    }

    private static boolean isWhole(@Nullable ServicesVersion version) {
        return version != null
                && version.epoch() >= 0
                && version.counter() >= 0
                && version.origin() != null;
    }
}
