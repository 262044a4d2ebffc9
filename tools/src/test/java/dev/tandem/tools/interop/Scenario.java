package dev.tandem.tools.interop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules for one service with servers of weights 1, 2 and 4, and what clients do with it. Its number
 * makes its virtual port, 2000 and above, and its clients' ports, a hundred each.
 */
@SuppressWarnings("ImmutableEnumChecker") // what clients do has no state
enum Scenario {
    RR("-s rr", s -> s.open(9)),
    WRR("-s wrr", s -> s.open(14)),
    LC("-s lc", s -> s.open(9).reset(1, 4).open(3)),
    WLC("-s wlc", s -> s.open(14)),
    SED("-s sed", s -> s.open(14)),
    NQ("-s nq", s -> s.open(14)),
    FO("-s fo", s -> s.open(4)),
    OVF("-s ovf", s -> s.open(9)),
    DH("-s dh", s -> s.open(4)),
    SH("-s sh", s -> s.open(16)),
    SH_PORT("-s sh -b sh-port", s -> s.open(16)),
    MH("-s mh", s -> s.open(16)),
    MH_PORT("-s mh -b mh-port", s -> s.open(16)),
    LBLC("-s lblc", s -> s.open(9)),
    LBLCR("-s lblcr", s -> s.open(9)),
    DIRECT_ROUTING("-t", Plan.VIRTUAL.getLast() + ":443", "-s rr", "-g", s -> s.open(6).reset(2)),
    UDP("-u", "-s rr", "-m", s -> s.ask(6)),
    UDP_ONE_PACKET("-u", Plan.VIRTUAL.getLast() + ":53", "-s rr -o", "-g", s -> s.ask(6)),
    PERSISTENT("-s rr -p 60", s -> s.open(16)),
    PERSISTENT_NETWORKS("-s rr -p 60 -M 255.255.255.0", s -> s.open(16)),
    QUIESCED("-s rr", s -> s.open(4).server("-e", 2, "-m -w 0").open(4)),
    DELETED_AND_BACK(
            "-s rr", s -> s.open(6).server("-d", 2, "").open(4).server("-a", 2, "-m -w 2").open(3)),
    THRESHOLDS("-t", "-s rr", "-m -x 2 -y 1", s -> s.open(8).reset(0, 1, 2).open(3)),
    IPV6("-t", "[" + Plan.VIRTUAL6 + "]:80", "-s rr", "-m", s -> s.open(6));

    /** What clients do. */
    interface Play {
        void on(Script script) throws IOException;
    }

    private static final int[] WEIGHTS = {1, 2, 4};

    private final String protocol;
    private final String service;
    private final String options;
    private final String serverOptions;
    private final Play play;

    Scenario(String options, Play play) {
        this("-t", options, "-m", play);
    }

    Scenario(String protocol, String options, String serverOptions, Play play) {
        this(protocol, "", options, serverOptions, play);
    }

    @SuppressWarnings("EnumOrdinal") // a number of its own is all that is wanted
    Scenario(String protocol, String service, String options, String serverOptions, Play play) {
        this.protocol = protocol;
        this.service =
                service.isEmpty() ? Plan.VIRTUAL.getFirst() + ":" + (2000 + ordinal()) : service;
        this.options = options;
        this.serverOptions = serverOptions;
        this.play = play;
    }

    /** Address and port, as ipvsadm has them. */
    String service() {
        return service;
    }

    boolean isIpv6() {
        return service.startsWith("[");
    }

    /** The first of its clients' ports. */
    @SuppressWarnings("EnumOrdinal")
    int firstClientPort() {
        return 20_000 + 100 * ordinal();
    }

    List<String> rules() {
        var lines = new ArrayList<String>();
        lines.add("-A %s %s %s".formatted(protocol, service, options));
        for (int i = 0; i < WEIGHTS.length; i++) {
            lines.add(server("-a", i + 1, serverOptions + " -w " + WEIGHTS[i]));
        }
        return lines;
    }

    /** A command of ipvsadm about a server, from 1. */
    String server(String command, int number, String more) {
        String address = isIpv6() ? "[" + Plan.server6(number) + "]" : Plan.server(number);
        int port =
                switch (protocol) {
                    case "-u" -> 53;
                    default -> serverOptions.equals("-g") ? 443 : 80;
                };
        return "%s %s %s -r %s:%d %s"
                .formatted(command, protocol, service, address, port, more)
                .strip();
    }

    void play(Script script) throws IOException {
        script.begin(this);
        play.on(script);
    }
}
