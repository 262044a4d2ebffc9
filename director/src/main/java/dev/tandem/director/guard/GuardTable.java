package dev.tandem.director.guard;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The guard's nftables table in nft's words.
 *
 * <p>Packets to services are dropped at the very start of prerouting, before connection tracking:
 * packet sockets have got their copy by then, the host's stack has not.
 *
 * <p>What comes from a server's port may be a reply that the director translates, or the server's
 * answer to somebody who called it directly, the host's own health check for one. The host's
 * connection tracking knows the latter, because it saw the question; the question of the former
 * left through a packet socket past it. So replies are dropped behind connection tracking, when it
 * does not know them. Since that has a price for every packet of the host, the chain is there only
 * as long as there are such servers.
 *
 * <p>FTP's data connections have ports that nobody knows beforehand. Of an FTP server all of TCP is
 * hidden that the host's connection tracking does not know, but for the opening of a connection:
 * the server may be a client of others. What a client sends to such a port of an address that the
 * host holds does reach the host, where nothing listens; that it refuses is kept from the client.
 * So from port 1024 on such an address drops in silence what it would have refused.
 *
 * <p>Fragments but the first carry no ports; they pass unless the host reassembles them before
 * (connection tracking does), and come to nothing there.
 */
final class GuardTable {
    /** Elements in one command line. */
    private static final int PER_LINE = 256;

    private static final String UNKNOWN = " ct state != { established, related }";

    /** A reset of a connection that the host has never had. */
    private static final String REFUSAL =
            " tcp sport >= 1024 tcp flags & rst == rst ct status & assured == 0";

    private final String name;
    private final String interfaces;

    /**
     * @param interfaces those of the director; elsewhere nothing is hidden
     */
    GuardTable(String name, List<String> interfaces) {
        this.name = "inet " + name;
        this.interfaces =
                "ifname { "
                        + String.join(", ", interfaces.stream().map(i -> '"' + i + '"').toList())
                        + " } ";
    }

    /** The line that makes the table, empty. */
    String create() {
        StringBuilder line = new StringBuilder("add table " + name + " { flags owner; }; ");
        for (GuardSet set : GuardSet.values()) {
            line.append("add set %s %s { type %s; }; ".formatted(name, set.nftName(), set.type()));
        }
        line.append(chain("requests", "prerouting", -300));
        for (GuardSet set : GuardSet.values()) {
            if (set.kind().isRequests()) {
                line.append(rule("requests", set.match()));
            }
        }
        return line.toString();
    }

    /** The lines that lead from what is hidden to what shall be. */
    List<String> change(HiddenPackets before, HiddenPackets after) {
        List<String> lines = new ArrayList<>();
        for (GuardSet set : GuardSet.values()) {
            lines.addAll(elements("add", set, without(after.of(set), before.of(set))));
        }
        if (after.hasServers() && !before.hasServers()) {
            StringBuilder line = new StringBuilder(chain("replies", "prerouting", -150));
            for (GuardSet set : GuardSet.values()) {
                if (set.kind().isServers()) {
                    line.append(rule("replies", set.match() + UNKNOWN));
                }
            }
            lines.add(line.toString());
        }
        if (after.hasData() && !before.hasData()) {
            StringBuilder line = new StringBuilder(chain("answers", "output", 0));
            for (GuardSet set : GuardSet.values()) {
                if (set.kind() == GuardSet.Kind.DATA_ADDRESSES) {
                    line.append(
                            "add rule %s answers o%s%s%s counter drop; "
                                    .formatted(name, interfaces, set.match(), REFUSAL));
                }
            }
            lines.add(line.toString());
        }
        if (before.hasData() && !after.hasData()) {
            lines.add("flush chain %1$s answers; delete chain %1$s answers".formatted(name));
        }
        if (before.hasServers() && !after.hasServers()) {
            lines.add("flush chain %1$s replies; delete chain %1$s replies".formatted(name));
        }
        for (GuardSet set : GuardSet.values()) {
            lines.addAll(elements("delete", set, without(before.of(set), after.of(set))));
        }
        return lines;
    }

    private String chain(String chain, String hook, int priority) {
        return "add chain %s %s { type filter hook %s priority %d; policy accept; }; "
                .formatted(name, chain, hook, priority);
    }

    private String rule(String chain, String match) {
        return "add rule %s %s i%s%s counter drop; ".formatted(name, chain, interfaces, match);
    }

    private List<String> elements(String verb, GuardSet set, NavigableSet<String> elements) {
        List<String> lines = new ArrayList<>();
        Iterator<String> left = elements.iterator();
        while (left.hasNext()) {
            List<String> some = new ArrayList<>();
            while (left.hasNext() && some.size() < PER_LINE) {
                some.add(left.next());
            }
            lines.add(
                    "%s element %s %s { %s }"
                            .formatted(verb, name, set.nftName(), String.join(", ", some)));
        }
        return lines;
    }

    private static NavigableSet<String> without(
            NavigableSet<String> all, NavigableSet<String> some) {
        NavigableSet<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
