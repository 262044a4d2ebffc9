package dev.tandem.tools.sync;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code ipvsadm -S}: a command and options, each at most once.
 *
 * @param command A or a
 * @param options by the short name or, where there is none, the long one; empty for those without a
 *     value
 */
record RuleLine(char command, Map<String, String> options) {
    /** Of ipvsadm(8): other spellings of an option, and the one used here. */
    private static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("--tcp-service", "-t"),
                    Map.entry("--udp-service", "-u"),
                    Map.entry("--fwmark-service", "-f"),
                    Map.entry("--ipv6", "-6"),
                    Map.entry("--scheduler", "-s"),
                    Map.entry("--persistent", "-p"),
                    Map.entry("--netmask", "-M"),
                    Map.entry("--ops", "-o"),
                    Map.entry("--sched-flags", "-b"),
                    Map.entry("--real-server", "-r"),
                    Map.entry("--gatewaying", "-g"),
                    Map.entry("--ipip", "-i"),
                    Map.entry("--masquerading", "-m"),
                    Map.entry("--weight", "-w"),
                    Map.entry("--u-threshold", "-x"),
                    Map.entry("--l-threshold", "-y"));

    private static final List<String> SERVICES = List.of("-t", "-u", "--sctp-service", "-f");

    private static final List<String> WITH_VALUE =
            List.of(
                    "-t",
                    "-u",
                    "--sctp-service",
                    "-f",
                    "-s",
                    "-M",
                    "--pe",
                    "-b",
                    "-r",
                    "-w",
                    "-x",
                    "-y",
                    "--tun-type",
                    "--tun-port");

    private static final List<String> WITHOUT_VALUE =
            List.of(
                    "-6",
                    "-o",
                    "-g",
                    "-i",
                    "-m",
                    "--tun-nocsum",
                    "--tun-csum",
                    "--tun-remcsum",
                    // what people paste from a shell
                    "-n",
                    "--numeric");

    /**
     * Reads a line.
     *
     * @return null when there is nothing on it
     * @throws IllegalArgumentException with what is wrong
     */
    static @Nullable RuleLine parse(String line) {
        Iterator<String> words =
                List.of(line.strip().split("\\s+", -1)).stream()
                        .flatMap(word -> List.of(word.split("=", 2)).stream())
                        .toList()
                        .iterator();
        String first = words.next();
        if (first.equals("ipvsadm") && words.hasNext()) {
            first = words.next();
        }
        if (first.isEmpty() || first.startsWith("#")) {
            return null;
        }
        char command =
                switch (first) {
                    case "-A", "--add-service" -> 'A';
                    case "-a", "--add-server" -> 'a';
                    default ->
                            throw new IllegalArgumentException(
                                    "'" + first + "' is neither -A nor -a");
                };
        Map<String, String> options = new HashMap<>();
        String waiting = "";
        while (!waiting.isEmpty() || words.hasNext()) {
            String word = waiting.isEmpty() ? words.next() : waiting;
            waiting = "";
            String name = NAMES.getOrDefault(word, word);
            String value = "";
            if (WITH_VALUE.contains(name)) {
                if (!words.hasNext()) {
                    throw new IllegalArgumentException(word + " needs a value");
                }
                value = words.next();
            } else if (name.equals("-p")) {
                value = Rules.DEFAULT_PERSISTENCE;
                if (words.hasNext()) {
                    String next = words.next();
                    boolean isOption = next.startsWith("-");
                    waiting = isOption ? next : "";
                    value = isOption ? value : next;
                }
            } else if (!WITHOUT_VALUE.contains(name)) {
                throw new IllegalArgumentException("'" + word + "' is not an option");
            }
            if (options.put(name, value) != null) {
                throw new IllegalArgumentException(word + " stands there twice");
            }
        }
        RuleLine parsed = new RuleLine(command, Map.copyOf(options));
        parsed.check();
        return parsed;
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    /** The option's value, or {@code absent}. */
    String get(String option, String absent) {
        return options.getOrDefault(option, absent);
    }

    /** Which of the options that name a service is there. */
    String serviceOption() {
        return SERVICES.stream().filter(this::has).findFirst().orElseThrow();
    }

    private void check() {
        long services = SERVICES.stream().filter(this::has).count();
        if (services != 1) {
            throw new IllegalArgumentException(
                    "needs one of -t, -u, --sctp-service and -f, and has " + services);
        }
        if ((command == 'a') != has("-r")) {
            throw new IllegalArgumentException(command == 'a' ? "-a needs -r" : "-r belongs to -a");
        }
        if (List.of("-g", "-i", "-m").stream().filter(this::has).count() > 1) {
            throw new IllegalArgumentException("more than one of -g, -i and -m");
        }
    }
}
