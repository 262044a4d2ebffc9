package dev.tandem.tools.sync;

import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncRecord;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which records are wanted; without an option, all. */
final class RecordFilter {
    private static final int ANY = -1;

    @Mixin private final SyncIds syncIds = new SyncIds();

    private int protocol = ANY;
    private @Nullable Endpoint client;
    private @Nullable Endpoint virtual;

    /**
     * @param address as {@link Words} writes it; null for any
     * @param port {@link #ANY} for any
     */
    private record Endpoint(@Nullable String address, int port) {
        boolean matches(String ofAddress, int ofPort) {
            return (address == null || address.equals(ofAddress))
                    && (port == ANY || port == ofPort);
        }
    }

    @Option(
            names = "--protocol",
            paramLabel = "tcp|udp|sctp|N",
            description = "Only this protocol; 0 for templates of firewall marks.")
    void protocol(@Nullable String value) {
        protocol =
                value == null
                        ? ANY
                        : switch (value.toLowerCase(Locale.ROOT)) {
                            case "tcp" -> IpProtocol.TCP;
                            case "udp" -> IpProtocol.UDP;
                            case "sctp" -> IpProtocol.SCTP;
                            default -> number(value, 255);
                        };
    }

    @Option(
            names = "--client",
            paramLabel = "ADDRESS[:PORT]",
            description = "Only records of this client; an IPv6 address with a port in brackets.")
    void client(@Nullable String value) {
        client = value == null ? null : endpoint(value);
    }

    @Option(
            names = "--virtual",
            paramLabel = "ADDRESS[:PORT]",
            description = "Only records of this virtual service.")
    void virtual(@Nullable String value) {
        virtual = value == null ? null : endpoint(value);
    }

    /** Whether messages of this sync id are wanted; those without any are. */
    boolean wants(Heard heard) {
        return syncIds.wants(heard);
    }

    boolean wants(SyncRecord r) {
        return (protocol == ANY || protocol == r.protocol())
                && (client == null || client.matches(Words.client(r), r.clientPort()))
                && (virtual == null || virtual.matches(Words.virtual(r), r.virtualPort()));
    }

    /** Whether faults are wanted that cannot be put down to one connection. */
    boolean wantsFaults() {
        return protocol == ANY && client == null && virtual == null;
    }

    private static Endpoint endpoint(String text) {
        String address = text;
        int port = ANY;
        int colon = text.lastIndexOf(':');
        if (colon >= 0 && (text.indexOf(':') == colon || text.startsWith("["))) {
            boolean withPort = !text.endsWith("]");
            port = withPort ? number(text.substring(colon + 1), 0xFFFF) : ANY;
            address = withPort ? text.substring(0, colon) : text;
        }
        if (address.startsWith("[") && address.endsWith("]")) {
            address = address.substring(1, address.length() - 1);
        }
        return new Endpoint(address.isEmpty() ? null : canonical(address), port);
    }

    private static String canonical(String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        ByteBuffer value = ByteBuffer.wrap(bytes);
        return bytes.length == 4
                ? Words.address(false, 0, value.getInt())
                : Words.address(true, value.getLong(), value.getLong());
    }

    private static int number(String text, int max) {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= max) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("'" + text + "' is no number from 0 to " + max);
    }
}
