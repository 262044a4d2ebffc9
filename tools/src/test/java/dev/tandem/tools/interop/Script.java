package dev.tandem.tools.interop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients do, packet for packet the same whenever it is played: each connection is from a port
 * that the scenario gives, and carries nothing but its opening and its reset, for acknowledgements
 * of data come as they please.
 */
final class Script implements AutoCloseable {
    private final Clients clients;
    private final Ipvs director;
    private final Map<Integer, Clients.Connection> open = new HashMap<>();
    private List<String> seen = List.of();
    private Scenario scenario = Scenario.RR;
    private int connections;

    Script(Interop interop, Ipvs director) {
        this.clients = interop.clients();
        this.director = director;
    }

    /** From now on this scenario's clients call its service. */
    void begin(Scenario next) {
        scenario = next;
        connections = 0;
        seen = new ArrayList<>();
    }

    /** What the scenario's clients saw, in order. */
    List<String> seen() {
        return seen;
    }

    /** Opens so many connections more, of the clients in turn, and keeps them. */
    Script open(int more) {
        for (int i = 0; i < more; i++) {
            int port = nextPort();
            try {
                open.put(port, clients.tcp(host(), port, address(), servicePort()));
                seen.add(port + " opened");
            } catch (IOException e) {
                seen.add(port + " " + e.getMessage());
            }
        }
        return this;
    }

    /** Resets the connections of these numbers, from 0. */
    Script reset(int... numbers) throws IOException {
        for (int number : numbers) {
            Clients.Connection connection = open.remove(scenario.firstClientPort() + number);
            if (connection != null) {
                connection.reset();
            }
        }
        return this;
    }

    /** So many clients ask over UDP, every second of them twice. */
    Script ask(int more) throws IOException {
        for (int i = 0; i < more; i++) {
            int port = nextPort();
            clients.udp(host(), port, address(), servicePort(), 1 + i % 2, "question");
            seen.add(port + " answered");
        }
        return this;
    }

    /** Changes a server, by its number from 1. */
    Script server(String command, int number, String more) throws IOException {
        director.ipvsadm(scenario.server(command, number, more));
        return this;
    }

    private int nextPort() {
        return scenario.firstClientPort() + connections++;
    }

    private String host() {
        List<String> hosts = scenario.isIpv6() ? Plan.clients6() : Plan.clients();
        return hosts.get((connections - 1) % hosts.size());
    }

    private String address() {
        String service = scenario.service();
        return service.substring(0, service.lastIndexOf(':'));
    }

    private int servicePort() {
        String service = scenario.service();
        return Integer.parseInt(service.substring(service.lastIndexOf(':') + 1));
    }

    /** Resets whatever is still open, so that its ports are free at once. */
    @Override
    public void close() throws IOException {
        for (Clients.Connection connection : open.values()) {
            connection.reset();
        }
        clients.close();
    }
}
