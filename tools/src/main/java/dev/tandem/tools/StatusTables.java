package dev.tandem.tools;

import dev.tandem.tools.api.Status;
import java.io.PrintWriter;
import java.util.Locale;

/** The tables of a node's status for people, each left out when it has no rows. */
final class StatusTables {
    private final PrintWriter out;

    StatusTables(PrintWriter out) {
        this.out = out;
    }

    void print(Status status) {
        addresses(status);
        tracked(status);
        peers(status);
        services(status);
        ports(status);
    }

    private void addresses(Status status) {
        TextTable table = new TextTable("ADDRESS", "INTERFACE", "HERE");
        for (Status.Address address : status.addresses()) {
            table.row(address.address(), address.interfaceName(), address.owned() ? "yes" : "no");
        }
        print(table);
    }

    private void tracked(Status status) {
        TextTable table =
                new TextTable("TRACKED", "STATE", ">WEIGHT", ">ADDS", ">SINCE", ">FAILURES", "WHY");
        for (Status.Tracked each : status.tracked()) {
            table.row(
                    each.name(),
                    each.state(),
                    each.weight() == 0 ? "fault" : "" + each.weight(),
                    "" + each.adds(),
                    StatusText.duration(each.sinceMs()),
                    count(each.failures()),
                    each.reason());
        }
        print(table);
    }

    private void peers(Status status) {
        TextTable table =
                new TextTable(
                        "PEER", "STATE", ">EPOCH", ">PRIORITY", ">ENTRIES", ">SYNC LAG", ">HEARD");
        for (Status.Peer peer : status.peers()) {
            if (peer.lastHeardMs() < 0) {
                table.row(peer.node(), peer.state(), "-", "-", "-", "-", "never");
            } else {
                table.row(
                        peer.node(),
                        peer.state() + (peer.alive() ? "" : " (lost)"),
                        "" + peer.epoch(),
                        "" + peer.priority(),
                        "" + peer.connections(),
                        "" + peer.syncLag(),
                        peer.lastHeardMs() + " ms ago");
            }
        }
        print(table);
    }

    private void services(Status status) {
        TextTable table =
                new TextTable(
                        "SERVICE",
                        "FORWARD",
                        ">WEIGHT",
                        ">ACTIVE",
                        ">INACTIVE",
                        ">CONNS",
                        ">IN PKTS",
                        ">OUT PKTS",
                        ">IN BYTES",
                        ">OUT BYTES");
        for (Status.Service service : status.services()) {
            table.row(
                    service.protocol()
                            + " "
                            + service.address()
                            + ":"
                            + service.port()
                            + " "
                            + service.scheduler(),
                    "",
                    "",
                    "",
                    "",
                    count(service.connections()),
                    count(service.inPackets()),
                    count(service.outPackets()),
                    count(service.inBytes()),
                    count(service.outBytes()));
            service.servers().forEach(server -> server(server, table));
        }
        print(table);
    }

    private static void server(Status.Server server, TextTable table) {
        table.row(
                "  -> "
                        + server.address()
                        + ":"
                        + server.port()
                        + (server.overloaded() ? " overloaded" : ""),
                server.forwarding(),
                "" + server.weight(),
                "" + server.active(),
                "" + server.inactive(),
                count(server.connections()),
                count(server.inPackets()),
                count(server.outPackets()),
                count(server.inBytes()),
                count(server.outBytes()));
    }

    private void ports(Status status) {
        TextTable table =
                new TextTable(
                        "PORT",
                        ">RECEIVED",
                        ">LOST",
                        ">TRUNCATED",
                        ">TAGGED",
                        ">NOT-OURS",
                        ">SENT",
                        ">FAILED",
                        ">ERRNO",
                        ">LINK-DOWN");
        for (Status.Port port : status.ports()) {
            table.row(
                    port.name(),
                    count(port.received()),
                    count(port.receiveDropped()),
                    count(port.receiveTruncated()),
                    count(port.receiveTagged()),
                    count(port.receiveNotForUs()),
                    count(port.sent()),
                    count(port.sendFailed()),
                    port.sendFailed() == 0 ? "" : "" + port.lastSendErrno(),
                    count(port.linkErrors()));
        }
        print(table);
    }

    private void print(TextTable table) {
        if (!table.isEmpty()) {
            out.println();
            table.print(out);
        }
    }

    /** Exact up to six digits, then with three digits and a decimal prefix. */
    private static String count(long number) {
        if (number < 1_000_000) {
            return Long.toString(number);
        }
        double value = number;
        int prefix = -1;
        while (value >= 1000) {
            value /= 1000;
            prefix++;
        }
        String format = value < 10 ? "%.2f%c" : value < 100 ? "%.1f%c" : "%.0f%c";
        return String.format(Locale.ROOT, format, value, "kMGTPE".charAt(prefix));
    }
}
