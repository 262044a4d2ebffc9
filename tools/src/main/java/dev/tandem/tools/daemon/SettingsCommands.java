package dev.tandem.tools.daemon;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.ForeignSetting;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.Setting;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.SettingsAnswer;
import dev.tandem.tools.config.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows and changes the settings of a running cluster, as sysctl does a kernel's. Any thread. */
final class SettingsCommands {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsCommands.class);

    /** Where a kernel has them; may stand before each name. */
    private static final String PREFIX = "net.ipv4.vs.";

    private final String cluster;
    private final LiveSettings live;

    SettingsCommands(String cluster, LiveSettings live) {
        this.cluster = cluster;
        this.live = live;
    }

    /**
     * How settings stand.
     *
     * @param names empty for all
     * @throws ApiException 400 with each name that is none
     */
    SettingsAnswer list(List<String> names) throws ApiException {
        if (names.isEmpty()) {
            return answer(
                    Arrays.asList(Setting.values()),
                    Arrays.stream(ForeignSetting.values())
                            .map(f -> new SettingsAnswer.Other(f.kernelName(), f.reason()))
                            .toList());
        }
        List<String> problems = new ArrayList<>();
        List<Setting> settings = new ArrayList<>();
        for (String name : names) {
            Setting setting = named(name, problems);
            if (setting != null) {
                settings.add(setting);
            }
        }
        if (!problems.isEmpty()) {
            throw new ApiException(400, String.join("; ", problems));
        }
        return answer(settings, List.of());
    }

    /**
     * Sets all of these at once.
     *
     * @param wanted values by name
     * @return how these stand now
     * @throws ApiException 400 with everything that is wrong; nothing was set then
     */
    SettingsAnswer set(Map<String, Long> wanted) throws ApiException {
        List<String> problems = new ArrayList<>();
        Map<Setting, Integer> values = new LinkedHashMap<>();
        wanted.forEach((name, value) -> {
            Setting setting = named(name, problems);
            if (setting == null) {
                return;
            }
            if (value < setting.min() || value > setting.max()) {
                problems.add(
                        "%s must be from %d to %d, not %d"
                                .formatted(
                                        setting.kernelName(), setting.min(), setting.max(), value));
            } else if (values.putIfAbsent(setting, value.intValue()) != null) {
                problems.add(setting.kernelName() + " is there twice");
            }
        });
        if (!problems.isEmpty()) {
            throw new ApiException(400, "nothing was set: " + String.join("; ", problems));
        }
        DirectorSettings before =
                live.update(now -> {
                    DirectorSettings changed = now;
                    for (Map.Entry<Setting, Integer> each : values.entrySet()) {
                        changed = changed.with(each.getKey(), each.getValue());
                    }
                    return changed;
                });
        values.forEach((setting, value) ->
                LOG.info(
                        "cluster {}: {} was {} and is {}",
                        cluster,
                        setting.kernelName(),
                        before.get(setting),
                        value));
        return answer(values.keySet(), List.of());
    }

    private SettingsAnswer answer(Collection<Setting> settings, List<SettingsAnswer.Other> others) {
        DirectorSettings now = live.now();
        return new SettingsAnswer(
                cluster,
                settings.stream()
                        .map(setting ->
                                new SettingsAnswer.Named(
                                        setting.kernelName(),
                                        now.get(setting),
                                        setting.byDefault(),
                                        setting.min(),
                                        setting.max(),
                                        setting.meaning()))
                        .toList(),
                others);
    }

    /** The setting, or null and a problem more. */
    private static @Nullable Setting named(String given, List<String> problems) {
        String name = given.startsWith(PREFIX) ? given.substring(PREFIX.length()) : given;
        Optional<Setting> setting = Setting.named(name);
        if (setting.isEmpty()) {
            problems.add(whyNone(name));
        }
        return setting.orElse(null);
    }

    private static String whyNone(String name) {
        Optional<ForeignSetting> foreign = ForeignSetting.named(name);
        if (foreign.isPresent()) {
            return name + " is no setting here: " + foreign.get().reason();
        }
        List<String> known = Arrays.stream(Setting.values()).map(Setting::kernelName).toList();
        return "there is no setting '"
                + name
                + "'"
                + Spelling.nearest(name, known)
                        .map(meant -> "; did you mean '" + meant + "'?")
                        .orElse("; `tandem settings' lists them");
    }
}
