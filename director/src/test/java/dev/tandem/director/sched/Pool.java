package dev.tandem.director.sched;

import dev.tandem.director.packet.Packet;
import dev.tandem.director.testing.Packets;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of servers with a scheduler of its own. A server is written as name, weight and active
 * connections, "A4" or "A4/6"; an x behind marks an overloaded one. Their addresses are
 * 192.168.0.1:80 for A and so on.
 */
final class Pool {
    static final int CLIENT = 0x0A000001;
    static final int VIRTUAL = 0x0A4D0164;

    final Scheduler scheduler;
    final List<Server> servers = new ArrayList<>();
    long nowNs;

    Pool(String scheduler) {
        this(Schedulers.create(scheduler, SchedulerContext.of(0)));
    }

    Pool(Scheduler scheduler) {
        this.scheduler = scheduler;
        scheduler.bound(list());
    }

    /** Binds the scheduler to these servers, in list order. */
    Pool bind(String text) {
        for (String server : text.split(" ", -1)) {
            servers.add(Server.parse(server));
        }
        scheduler.bound(list());
        return this;
    }

    void add(String text) {
        servers.addFirst(Server.parse(text));
        scheduler.added(list());
    }

    void edit(String text) {
        Server edited = Server.parse(text);
        server(edited.name).edit(edited);
        scheduler.edited(list());
    }

    void remove(String name) {
        int index = servers.indexOf(server(name.charAt(0)));
        servers.remove(index);
        scheduler.removed(list(), index);
    }

    /** Names of servers picked one after the other; every connection stays active. */
    String picks(int count) {
        StringBuilder picks = new StringBuilder();
        for (int i = 0; i < count; i++) {
            char picked = pick(flow(CLIENT, 40000 + i, VIRTUAL));
            picks.append(picked);
            if (picked != '-') {
                server(picked).active++;
            }
        }
        return picks.toString();
    }

    /** The name of the server picked, or '-'; nobody's connections change. */
    char pick(Flow flow) {
        int index = scheduler.pick(list(), flow, nowNs);
        return index == Scheduler.NONE ? '-' : servers.get(index).name;
    }

    Server server(char name) {
        for (Server server : servers) {
            if (server.name == name) {
                return server;
            }
        }
        throw new AssertionError("no server " + name);
    }

    Candidate[] list() {
        return servers.toArray(Candidate[]::new);
    }

    static Packet flow(int client, int clientPort, int virtual) {
        return Packets.ipv4(6, client, clientPort, virtual, 80, 0);
    }

    static final class Server implements Candidate {
        final char name;
        boolean overloaded;
        int weight;
        int active;
        private int lastWeight;

        private Server(char name, int weight, int active, boolean overloaded) {
            this.name = name;
            this.weight = weight;
            this.lastWeight = weight;
            this.active = active;
            this.overloaded = overloaded;
        }

        static Server parse(String text) {
            String[] numbers = text.substring(1).replace("x", "").split("/", -1);
            return new Server(
                    text.charAt(0),
                    Integer.parseInt(numbers[0]),
                    numbers.length > 1 ? Integer.parseInt(numbers[1]) : 0,
                    text.endsWith("x"));
        }

        private void edit(Server edited) {
            weight = edited.weight;
            lastWeight = weight > 0 ? weight : lastWeight;
            overloaded = edited.overloaded;
        }

        @Override
        public int weight() {
            return weight;
        }

        @Override
        public int lastWeight() {
            return lastWeight;
        }

        @Override
        public boolean overloaded() {
            return overloaded;
        }

        @Override
        public int activeConnections() {
            return active;
        }

        @Override
        public int inactiveConnections() {
            return 0;
        }

        @Override
        public boolean isIpv6() {
            return false;
        }

        @Override
        public long addressHigh() {
            return 0;
        }

        @Override
        public long addressLow() {
            return 0xC0A80000L + name - '@';
        }

        @Override
        public int port() {
            return 80;
        }
    }
}
