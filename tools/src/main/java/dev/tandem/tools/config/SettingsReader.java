package dev.tandem.tools.config;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.ForeignSetting;
import dev.tandem.director.config.Setting;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Reads the block {@code settings}, whose keys are the kernel's names. */
final class SettingsReader {
    private SettingsReader() {}

    static DirectorSettings read(Section section) {
        for (ForeignSetting foreign : ForeignSetting.values()) {
            section.refuse(foreign.kernelName(), "is no setting: " + foreign.reason());
        }
        Map<Setting, Integer> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            values.put(
                    setting,
                    section.optional(setting.kernelName(), value(setting), setting.byDefault()));
        }
        return DirectorSettings.of(values);
    }

    /** A number; a switch may also be false or true. */
    private static Syntax<Integer> value(Setting setting) {
        Syntax<Integer> number = Syntax.integer(setting.min(), setting.max());
        if (setting.max() != 1) {
            return number;
        }
        return new Syntax<>(
                "0, 1, false or true",
                0,
                value -> {
                    Optional<Boolean> flag = Syntax.flag().parse(value);
                    return flag.isPresent() ? flag.map(on -> on ? 1 : 0) : number.parse(value);
                });
    }
}
