package dev.tandem.director.config;

import java.util.Arrays;
import java.util.Map;

/**
 * A value for each {@link Setting}. Immutable: a change makes another one, which takes its place in
 * {@link LiveSettings}.
 */
public final class DirectorSettings {
    /** The kernel's defaults. */
    public static final DirectorSettings DEFAULT = new DirectorSettings(defaults());

    private final int[] values;

    private DirectorSettings(int[] values) {
        this.values = values;
    }

    /** The defaults but for these. */
    public static DirectorSettings of(Map<Setting, Integer> values) {
        DirectorSettings settings = DEFAULT;
        for (Map.Entry<Setting, Integer> entry : values.entrySet()) {
            settings = settings.with(entry.getKey(), entry.getValue());
        }
        return settings;
    }

    /** The value of a setting. */
    public int get(Setting setting) {
        return values[setting.index()];
    }

    /** Whether a setting is not 0. */
    public boolean is(Setting setting) {
        return values[setting.index()] != 0;
    }

    /**
     * The same but for one value.
     *
     * @throws IllegalArgumentException when the value is outside the setting's range; the message
     *     is for the user
     */
    public DirectorSettings with(Setting setting, int value) {
        if (value < setting.min() || value > setting.max()) {
            throw new IllegalArgumentException(
                    "%s must be from %d to %d, not %d"
                            .formatted(setting.kernelName(), setting.min(), setting.max(), value));
        }
        int[] changed = values.clone();
        changed[setting.index()] = value;
        return new DirectorSettings(changed);
    }

    /** How long a TCP connection stays in a state, 0 to 10, without a packet. */
    public int tcpTimeoutSeconds(int state) {
        return values[Setting.TIMEOUT_NONE.index() + state];
    }

    /** How long an SCTP association stays in a state, 0 to 13, without a packet. */
    public int sctpTimeoutSeconds(int state) {
        return values[Setting.TIMEOUT_SCTP_NONE.index() + state];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DirectorSettings that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    /** Those that differ from the defaults. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (Setting setting : Setting.values()) {
            if (get(setting) != setting.byDefault()) {
                text.append(text.length() == 1 ? "" : ", ")
                        .append(setting.kernelName())
                        .append('=')
                        .append(get(setting));
            }
        }
        return text.append('}').toString();
    }

    private static int[] defaults() {
        return Arrays.stream(Setting.values()).mapToInt(Setting::byDefault).toArray();
    }
}
