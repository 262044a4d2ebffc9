package dev.tandem.tools.demo.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What can happen to the cables of a lab, and how all of it is mended. Called on one thread.
 *
 * <p>A port of a bridge stands for one end of a cable: taken down, it takes the carrier from the
 * interface at the other end.
 */
public final class Wires {
    private static final String LOSS = "tandem_loss";
    private static final String CUT = "tandem_cut";

    private final Namespace wire;
    private final List<Namespace> directors;
    private final SortedSet<String> down = new TreeSet<>();
    private final SortedSet<Integer> deaf = new TreeSet<>();
    private boolean lossy;
    private boolean isolated;
    private boolean cut;

    Wires(Namespace wire, List<Namespace> directors) {
        this.wire = wire;
        this.directors = directors;
    }

    /** A leg of a director: what it is plugged into. */
    public enum Leg {
        /** To the clients. */
        OUTSIDE,
        /** To the servers. */
        INSIDE,
        /** To the other nodes. */
        LINK;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Pulls every cable of a director out: its interfaces lose their carrier. */
    public void pullAll(int director) throws IOException {
        for (Leg leg : Leg.values()) {
            pull(director, leg);
        }
    }

    /** Pulls one cable out. */
    public void pull(int director, Leg leg) throws IOException {
        String port = port(director, leg);
        wire.ip(List.of("link set dev " + port + " down"));
        down.add(port);
    }

    /**
     * Cuts a director off from the other nodes on every wire: its link is pulled out, and what the
     * directors send each other on the wires to clients and servers is dropped.
     */
    public void partition(int director) throws IOException {
        pull(director, Leg.LINK);
        isolate("on");
        isolated = true;
    }

    /**
     * Cuts a director off from everybody, as by a switch that passes nothing on: its interfaces
     * keep their carrier.
     */
    public void cutOff(int director) throws IOException {
        String legs =
                Arrays.stream(Leg.values())
                        .map(leg -> '"' + port(director, leg) + '"')
                        .collect(Collectors.joining(", "));
        rules(
                """
                table bridge %s {
                  chain forward {
                    type filter hook forward priority 0
                    iifname { %s } drop
                    oifname { %s } drop
                  }
                }
                """
                        .formatted(CUT, legs, legs));
        cut = true;
    }

    private void isolate(String onOff) throws IOException {
        for (int director = 0; director < directors.size(); director++) {
            for (Leg leg : List.of(Leg.OUTSIDE, Leg.INSIDE)) {
                bridge("link", "set", "dev", port(director, leg), "isolated", onOff);
            }
        }
    }

    /** Lets nothing reach a director on the link any more; what it sends goes out. */
    public void deafen(int director) throws IOException {
        String wrong = port(1 - director, Leg.LINK);
        // sticky: or the first frame that it sends would have the bridge learn the truth again
        bridge("fdb", "replace", Lab.linkMac(director), "dev", wrong, "master", "static", "sticky");
        flood(director, "off");
        deaf.add(director);
    }

    /**
     * Loses frames on the link of the nodes, in every direction.
     *
     * @param percent of them, 1 to 99, each by its own lot
     */
    public void lose(int percent) throws IOException {
        rules(
                """
                table bridge %s {
                  chain forward {
                    type filter hook forward priority 0
                    iifname { "a-link", "b-link" } numgen random mod 100 < %d drop
                  }
                }
                """
                        .formatted(LOSS, percent));
        lossy = true;
    }

    /** Puts everything right that was done here. */
    public void mend() throws IOException {
        for (int director : deaf) {
            String wrong = port(1 - director, Leg.LINK);
            bridge("fdb", "del", Lab.linkMac(director), "dev", wrong, "master");
            flood(director, "on");
        }
        deaf.clear();
        if (isolated) {
            isolate("off");
            isolated = false;
        }
        if (lossy) {
            rules("delete table bridge " + LOSS + "\n");
            lossy = false;
        }
        if (cut) {
            rules("delete table bridge " + CUT + "\n");
            cut = false;
        }
        wire.ip(down.stream().map(port -> "link set dev " + port + " up").toList());
        down.clear();
    }

    private void flood(int director, String onOff) throws IOException {
        bridge(
                "link",
                "set",
                "dev",
                port(director, Leg.LINK),
                "flood",
                onOff,
                "mcast_flood",
                onOff,
                "bcast_flood",
                onOff);
    }

    private void bridge(String... words) throws IOException {
        var command = new ArrayList<>(List.of("bridge", "-n", wire.name()));
        command.addAll(List.of(words));
        Commands.run(command.toArray(String[]::new));
    }

    private void rules(String text) throws IOException {
        Commands.run(wire.command("nft", "-f", "-"), text);
    }

    private String port(int director, Leg leg) {
        return Lab.port(directors.get(director), leg.toString());
    }
}
