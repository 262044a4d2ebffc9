package dev.tandem.tools.interop;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Who has which address on the three segments.
 *
 * <pre>
 *   clients  10.81.0.0/16 fd81::/64   client .0.2, .1.1-4, .2.1-4   directors .0.11-14   virtual .200.1, .200.2
 *   servers  10.82.0.0/24 fd82::/64   client .2   directors .11-14   gateway .100   servers .101-103
 *   sync     10.83.0.0/24 fd83::/64   directors .11-14   witnesses .21-22
 * </pre>
 *
 * Guests a and b are directors 1 and 2, Tandem's are 3 and 4. The virtual addresses and the
 * servers' gateway belong to whoever is master.
 */
final class Plan {
    static final List<String> VIRTUAL = List.of("10.81.200.1", "10.81.200.2");
    static final String VIRTUAL6 = "fd81::c8:1";
    static final String GATEWAY = "10.82.0.100";
    static final String GATEWAY6 = "fd82::100";
    static final String CLIENT = "10.81.0.2";
    static final String CLIENT6 = "fd81::2";
    static final int SERVERS = 3;
    static final int SYNC_ID = 7;

    /** An IPv6 group of the sync segment, and a kernel's options for it. */
    static final String GROUP6 = "ff02::81:7";

    static final String GROUP6_OPTIONS = "--mcast-group " + GROUP6;

    private Plan() {}

    /** A client of a network, 1 or 2, whose members persistence can take together. */
    static String client(int network, int number) {
        return "10.81." + network + "." + number;
    }

    static String client6(int network, int number) {
        return "fd81::" + network + ":" + number;
    }

    static List<String> clients() {
        return IntStream.rangeClosed(1, 2)
                .boxed()
                .flatMap(network ->
                        IntStream.rangeClosed(1, 4).mapToObj(number -> client(network, number)))
                .toList();
    }

    static List<String> clients6() {
        return IntStream.rangeClosed(1, 2)
                .boxed()
                .flatMap(network ->
                        IntStream.rangeClosed(1, 4).mapToObj(number -> client6(network, number)))
                .toList();
    }

    static String server(int number) {
        return "10.82.0." + (100 + number);
    }

    static String server6(int number) {
        return "fd82::" + (100 + number);
    }
}
