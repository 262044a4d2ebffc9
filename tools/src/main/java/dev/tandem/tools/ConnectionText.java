package dev.tandem.tools;

import dev.tandem.director.conn.ConnectionView;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Connection entries as {@code ipvsadm -Lnc} of version 1.31 prints them, and with a persistence
 * engine's data as {@code --persistent-conn} adds them; byte for byte, but for the order, which
 * there is that of the kernel's hash table.
 */
public final class ConnectionText {
    private static final String TITLE = "IPVS connection entries";
    private static final String COLUMNS =
            "pro expire state       source             virtual            destination";
    private static final String ENGINE_COLUMNS = "        pe name          pe_data";

    /** Where the kernel's listings of times end: milliseconds in 32 bits. */
    private static final long LONGEST_SECONDS = 4_294_967;

    private ConnectionText() {}

    /**
     * Prints the titles and a line for each.
     *
     * @param persistentConnections whether to show persistence engines
     */
    public static void print(
            List<ConnectionView> connections, boolean persistentConnections, PrintWriter out) {
        print(connections, persistentConnections, (endpoint, _) -> endpoint, out);
    }

    /**
     * As {@link #print(List, boolean, PrintWriter)}.
     *
     * @param naming what is written for an endpoint, given that and the protocol
     */
    public static void print(
            List<ConnectionView> connections,
            boolean persistentConnections,
            BinaryOperator<String> naming,
            PrintWriter out) {
        out.println(TITLE);
        out.println(persistentConnections ? COLUMNS + ENGINE_COLUMNS : COLUMNS);
        for (ConnectionView connection : connections) {
            out.println(line(connection, persistentConnections, naming));
        }
    }

    /** One entry's line, without the line's end. */
    public static String line(ConnectionView connection, boolean persistentConnections) {
        return line(connection, persistentConnections, (endpoint, _) -> endpoint);
    }

    private static String line(
            ConnectionView connection,
            boolean persistentConnections,
            BinaryOperator<String> naming) {
        String protocol = connection.protocol();
        String real = naming.apply(connection.real(), protocol);
        long seconds = Math.min(connection.expiresSeconds(), LONGEST_SECONDS);
        String line =
                "%-3s %-6s %-11s %-18s %-18s "
                        .formatted(
                                protocol,
                                "%02d:%02d".formatted(seconds / 60, seconds % 60),
                                connection.state(),
                                naming.apply(connection.client(), protocol),
                                naming.apply(connection.virtual(), protocol));
        return persistentConnections && !connection.peName().isEmpty()
                ? line
                        + "%-16s %-18s %s"
                                .formatted(
                                        real,
                                        printable(connection.peName()),
                                        data(connection.peData()))
                : line + real;
    }

    /** Name and data of an entry's persistence engine, with a blank between. */
    public static String engine(ConnectionView connection) {
        return printable(connection.peName()) + " " + data(connection.peData());
    }

    private static String data(String hex) {
        return printable(new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1));
    }

    /** Who chose those bytes may not steer the reader's terminal. */
    private static String printable(String text) {
        StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7F) {
                result.append(c);
            } else {
                result.append("\\x%02x".formatted((int) c));
            }
        }
        return result.toString();
    }
}
