package dev.tandem.tools.sync;

import dev.tandem.director.conn.ConnectionView;
import dev.tandem.sync.wire.SyncFlags;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The services of a backup, read from what {@code ipvsadm -Sn} writes. */
final class Rules {
    /** Seconds; ipvsadm 1.31's default, whatever its manual says. */
    static final String DEFAULT_PERSISTENCE = "360";

    private static final int FTP_PORT = 21;
    private static final int FTP_DATA_PORT = 20;
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private final Map<String, Rule.Service> services = new LinkedHashMap<>();

    private Rules() {}

    /** A connection's place among the services. */
    record Binding(Rule.Service service, Rule.Server server) {}

    /**
     * Reads a file.
     *
     * @throws IOException with FILE:LINE and what is wrong there, for all lines
     */
    static Rules read(Path file) throws IOException {
        Rules rules = new Rules();
        List<String> problems = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            try {
                rules.add(line);
            } catch (IllegalArgumentException e) {
                problems.add(file + ":" + number + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IOException("bad rules\n" + String.join("\n", problems));
        }
        return rules;
    }

    /** The persistence engines that these services use, which a kernel then has. */
    List<String> engines() {
        return services.values().stream()
                .map(Rule.Service::engine)
                .filter(engine -> !engine.isEmpty())
                .distinct()
                .toList();
    }

    /**
     * The service and server to which a kernel would bind the entry, or null
     * (net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_find_dest).
     */
    @Nullable Binding find(ConnectionView entry) {
        Rule.Service service = service(entry);
        if (service == null) {
            return null;
        }
        Endpoint real = Endpoint.of(entry.real());
        boolean markFirst =
                entry.fwmark() != 0 && (entry.flags() & SyncFlags.FWD_MASK) != SyncFlags.MASQ;
        int port = markFirst ? 0 : real.port;
        Rule.Server server = server(service, real.address, port);
        if (server == null) {
            server = server(service, real.address, port ^ real.port);
        }
        return server == null ? null : new Binding(service, server);
    }

    /** The mark's service, the endpoint's, an FTP service for its data, one of all ports. */
    private Rule.@Nullable Service service(ConnectionView entry) {
        Endpoint virtual = Endpoint.of(entry.virtual());
        String protocol = entry.protocol();
        boolean ipv6 = virtual.address.indexOf(':') >= 0;
        boolean ftpData =
                protocol.equals("TCP")
                        && (virtual.port == FTP_DATA_PORT
                                || virtual.port >= FIRST_UNPRIVILEGED_PORT);
        return Stream.of(
                        entry.fwmark() == 0 ? "" : markKey(entry.fwmark(), ipv6),
                        key(protocol, Words.endpoint(virtual.address, virtual.port)),
                        ftpData ? key(protocol, Words.endpoint(virtual.address, FTP_PORT)) : "",
                        key(protocol, Words.endpoint(virtual.address, 0)))
                .map(services::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static Rule.@Nullable Server server(Rule.Service service, String address, int port) {
        for (Rule.Server server : service.servers()) {
            if (server.port() == port && server.address().equals(address)) {
                return server;
            }
        }
        return null;
    }

    private void add(String text) {
        RuleLine line = RuleLine.parse(text);
        if (line == null) {
            return;
        }
        String option = line.serviceOption();
        String name = line.get(option, "");
        if (option.equals("-f")) {
            long mark = number("-f", name, 1, 0xFFFF_FFFFL);
            boolean ipv6 = line.has("-6");
            put(line, markKey(mark, ipv6), service(line, "", mark, ipv6, new Endpoint("", 0)));
            return;
        }
        String protocol =
                switch (option) {
                    case "-t" -> "TCP";
                    case "-u" -> "UDP";
                    default -> "SCTP";
                };
        Endpoint virtual = Endpoint.parse(name);
        boolean ipv6 = virtual.address.indexOf(':') >= 0;
        put(
                line,
                key(protocol, Words.endpoint(virtual.address, virtual.port)),
                service(line, protocol, 0, ipv6, virtual));
    }

    private static Rule.Service service(
            RuleLine line, String protocol, long mark, boolean ipv6, Endpoint virtual) {
        String persistence = line.get("-p", "0");
        boolean persistent = line.has("-p");
        if (line.command() == 'A' && mark == 0 && virtual.port == 0 && !persistent) {
            throw new IllegalArgumentException("a service of port 0 must be persistent");
        }
        return new Rule.Service(
                protocol,
                mark,
                ipv6,
                mark == 0 ? Words.endpoint(virtual.address, virtual.port) : "",
                virtual.address,
                virtual.port,
                line.get("-s", "wlc"),
                persistent ? (int) number("-p", persistence, 1, 2_678_400) : 0,
                line.get("--pe", ""),
                line.has("-o"),
                new ArrayList<>());
    }

    private void put(RuleLine line, String key, Rule.Service service) {
        Rule.Service present = services.get(key);
        if (line.command() == 'A') {
            if (present != null) {
                throw new IllegalArgumentException("this service is there already");
            }
            services.put(key, service);
            return;
        }
        if (present == null) {
            throw new IllegalArgumentException("there is no such service above");
        }
        Endpoint real = Endpoint.parse(line.get("-r", ""));
        // as ipvsadm does: without a port the service's, and but for NAT always
        boolean nat = line.has("-m");
        int port = service.fwmark() == 0 && (!nat || !real.given) ? service.port() : real.port;
        String method = nat ? "nat" : line.has("-i") ? "tunnel" : "dr";
        int weight = (int) number("-w", line.get("-w", "1"), 0, Integer.MAX_VALUE);
        if (server(present, real.address, port) != null) {
            throw new IllegalArgumentException("this server is there already");
        }
        present.servers().add(new Rule.Server(real.address, port, method, weight));
    }

    private static String key(String protocol, String virtual) {
        return protocol + " " + virtual;
    }

    private static String markKey(long mark, boolean ipv6) {
        return "FWM " + mark + (ipv6 ? " IPv6" : "");
    }

    private static long number(String option, String text, long min, long max) {
        if (text.matches("\\d{1,10}")) {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                "%s: '%s' is no number from %d to %d".formatted(option, text, min, max));
    }

    /**
     * @param address as listings write it, without brackets
     * @param given whether a port was given
     */
    private record Endpoint(String address, int port, boolean given) {
        Endpoint(String address, int port) {
            this(address, port, true);
        }

        /** Of a listing: always with a port. */
        static Endpoint of(String text) {
            int colon = text.lastIndexOf(':');
            String address = text.substring(0, colon);
            boolean bracketed = address.startsWith("[");
            return new Endpoint(
                    bracketed ? address.substring(1, address.length() - 1) : address,
                    Integer.parseInt(text.substring(colon + 1)));
        }

        /** Of ipvsadm's grammar: ADDRESS[:PORT], [ADDRESS6]:PORT, or a bare ADDRESS6. */
        static Endpoint parse(String text) {
            int colon = text.lastIndexOf(':');
            boolean bracketed = text.startsWith("[");
            boolean bare = !bracketed && text.indexOf(':') != colon;
            if (colon < 0 || bare || text.endsWith("]")) {
                String address = bracketed ? text.substring(1, text.length() - 1) : text;
                return new Endpoint(canonical(text, address), 0, false);
            }
            String address = text.substring(0, colon);
            if (bracketed) {
                if (!address.endsWith("]")) {
                    throw bad(text);
                }
                address = address.substring(1, address.length() - 1);
            }
            int port = (int) number(text, text.substring(colon + 1), 0, 0xFFFF);
            return new Endpoint(canonical(text, address), port);
        }

        private static String canonical(String text, String address) {
            try {
                byte[] bytes = InetAddress.ofLiteral(address).getAddress();
                ByteBuffer value = ByteBuffer.wrap(bytes);
                return bytes.length == Integer.BYTES
                        ? Words.address(false, 0, value.getInt())
                        : Words.address(true, value.getLong(), value.getLong());
            } catch (IllegalArgumentException _) {
                throw bad(text);
            }
        }

        private static IllegalArgumentException bad(String text) {
            return new IllegalArgumentException(
                    "'"
                            + text
                            + "' is no address with a port; names are not looked up (ipvsadm -Sn)");
        }
    }
}
