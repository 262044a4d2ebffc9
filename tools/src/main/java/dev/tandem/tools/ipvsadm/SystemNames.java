package dev.tandem.tools.ipvsadm;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The names of this host: its resolver's, and those of /etc/services, which is read when the first
 * is asked for.
 */
final class SystemNames implements Names {
    private final Path file;
    private @Nullable List<String> lines;

    SystemNames() {
        this(Path.of("/etc/services"));
    }

    SystemNames(Path file) {
        this.file = file;
    }

    @Override
    public Optional<String> host(InetAddress address) {
        String name = address.getCanonicalHostName();
        return name.equals(address.getHostAddress()) ? Optional.empty() : Optional.of(name);
    }

    @Override
    public Optional<String> service(int port, String protocol) {
        String wanted = port + "/" + protocol;
        for (String line : lines()) {
            String[] words = words(line);
            if (words.length > 1 && words[1].equals(wanted)) {
                return Optional.of(words[0]);
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<InetAddress> address(String host) {
        try {
            InetAddress[] all = InetAddress.getAllByName(host);
            for (InetAddress each : all) {
                if (each instanceof Inet4Address) {
                    return Optional.of(each);
                }
            }
            return Optional.of(all[0]);
        } catch (UnknownHostException _) {
            return Optional.empty();
        }
    }

    @Override
    public OptionalInt port(String service, String protocol) {
        for (String line : lines()) {
            String[] words = words(line);
            if (words.length > 1
                    && words[1].endsWith("/" + protocol)
                    && (words[0].equals(service)
                            || List.of(words).subList(2, words.length).contains(service))) {
                String port = words[1].substring(0, words[1].indexOf('/'));
                return port.matches("\\d{1,5}")
                        ? OptionalInt.of(Integer.parseInt(port))
                        : OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    /** NAME PORT/PROTOCOL ALIAS..., as services(5) has them. */
    private static String[] words(String line) {
        int comment = line.indexOf('#');
        String text = (comment < 0 ? line : line.substring(0, comment)).strip();
        return text.split("\\s+", -1);
    }

    private List<String> lines() {
        List<String> present = lines;
        if (present == null) {
            try {
                present = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
            } catch (IOException _) {
                present = List.of();
            }
            lines = present;
        }
        return present;
    }
}
