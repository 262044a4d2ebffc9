package dev.tandem.tools.ipvsadm;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which options go with which tunnel. */
final class TunnelOptions {
    private static final Set<Option> CHECKSUMS =
            EnumSet.of(
                    Option.TUNNEL_NO_CHECKSUM,
                    Option.TUNNEL_CHECKSUM,
                    Option.TUNNEL_REMOTE_CHECKSUM);

    private TunnelOptions() {}

    /**
     * Refuses options that do not go with a tunnel of this type, or with no tunnel at all.
     *
     * @param tunnel whether packets are tunnelled
     */
    static void check(boolean tunnel, String type, Set<Option> options) throws Failure {
        if (!tunnel) {
            if (options.contains(Option.TUNNEL_TYPE)
                    || options.contains(Option.TUNNEL_PORT)
                    || options.stream().anyMatch(CHECKSUMS::contains)) {
                throw Failure.usage("Tunnel options conflict with forward method");
            }
            return;
        }
        boolean port = options.contains(Option.TUNNEL_PORT);
        if (type.equals("gue") && !port) {
            throw Failure.usage(
                    "You need to supply the '%s' option for the '%s' tunnel type"
                            .formatted(Option.TUNNEL_PORT.word(), type));
        }
        if (!type.equals("gue") && port) {
            throw illegal(Option.TUNNEL_PORT, type);
        }
        checksums(type, options);
    }

    private static void checksums(String type, Set<Option> options) throws Failure {
        @Nullable Option before = null;
        for (Option checksum : CHECKSUMS) {
            if (!options.contains(checksum)) {
                continue;
            }
            if (type.equals("ipip")
                    || (type.equals("gre") && checksum == Option.TUNNEL_REMOTE_CHECKSUM)) {
                throw illegal(checksum, type);
            }
            if (before != null) {
                throw Failure.usage(
                        "The option '%s' conflicts with the '%s' option in the '%s' tunnel type"
                                .formatted(checksum.word(), before.word(), type));
            }
            before = checksum;
        }
    }

    private static Failure illegal(Option option, String type) {
        return Failure.usage(
                "Illegal '%s' option with the '%s' tunnel type".formatted(option.word(), type));
    }
}
