package dev.tandem.tools.interop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What IPVS can balance: the rules for it, and traffic that makes entries of it. */
enum Kind {
    TCP_NAT(8) {
        @Override
        List<String> rules() {
            return Rules.service("-t", 80, "-s rr", "-m");
        }

        @Override
        void traffic(Interop interop, Clients clients) throws IOException {
            tcp(clients, Plan.CLIENT, Plan.VIRTUAL.getFirst(), 80);
        }
    },
    TCP_DIRECT(8) {
        @Override
        List<String> rules() {
            return Rules.service("-t", 443, "-s rr", "-g");
        }

        @Override
        void traffic(Interop interop, Clients clients) throws IOException {
            tcp(clients, Plan.CLIENT, Plan.VIRTUAL.getFirst(), 443);
        }
    },
    UDP(4) {
        @Override
        List<String> rules() {
            return Rules.service("-u", 53, "-s rr", "-m");
        }

        @Override
        void traffic(Interop interop, Clients clients) throws IOException {
            for (int i = 0; i < 4; i++) {
                clients.udp(Plan.CLIENT, Plan.VIRTUAL.getFirst(), 53, 4, "question " + i);
            }
        }
    },
    SCTP(3) {
        @Override
        List<String> rules() {
            return List.of(
                    "-A --sctp-service %s:9000 -s rr".formatted(Plan.VIRTUAL.getFirst()),
                    "-a --sctp-service %s:9000 -r 10.82.0.12:9000 -m"
                            .formatted(Plan.VIRTUAL.getFirst()));
        }

        @Override
        void traffic(Interop interop, Clients clients) throws IOException {
            Sctp.talk(interop.guests().getLast(), Plan.VIRTUAL.getFirst(), 9000);
        }
    },
    /** The clients of a network share a template. */
    PERSISTENT(6) {
        @Override
        List<String> rules() {
            return Rules.service("-t", 8080, "-s rr -p 300 -M 255.255.255.0", "-m");
        }

        @Override
        void traffic(Interop interop, Clients clients) throws IOException {
            for (int network = 1; network <= 2; network++) {
                for (int number = 1; number <= 2; number++) {
                    clients.tcp(Plan.client(network, number), Plan.VIRTUAL.getFirst(), 8080)
                            .talk(5);
                }
            }
        }
    },
    /** A service of all ports, which is persistent by necessity. */
    ALL_PORTS(3) {
        @Override
        List<String> rules() {
            var rules = new ArrayList<String>();
            String service = "-t %s:0".formatted(Plan.VIRTUAL.getLast());
            rules.add("-A %s -s rr -p 200".formatted(service));
            rules.add("-a %s -r %s:0 -g".formatted(service, Plan.server(1)));
            return rules;
        }

        @Override
        void traffic(Interop interop, Clients clients) throws IOException {
            clients.tcp(Plan.client(1, 3), Plan.VIRTUAL.getLast(), 80).talk(5);
            clients.tcp(Plan.client(1, 3), Plan.VIRTUAL.getLast(), 443).talk(5);
        }
    },
    FIREWALL_MARK(4) {
        @Override
        List<String> rules() {
            return List.of("-A -f 5 -s rr -p 100", "-a -f 5 -r %s:0 -g".formatted(Plan.server(2)));
        }

        @Override
        void prepare(KernelDirector director) throws IOException {
            // this kernel's nf_tables has no IPv4
            director.run(
                    "for port in 81 8081; do",
                    "iptables-legacy -t mangle -A PREROUTING -d %s -p tcp --dport $port"
                                    .formatted(Plan.VIRTUAL.getLast())
                            + " -j MARK --set-mark 5",
                    "done");
        }

        @Override
        void traffic(Interop interop, Clients clients) throws IOException {
            clients.tcp(Plan.client(2, 3), Plan.VIRTUAL.getLast(), 81).talk(5);
            clients.tcp(Plan.client(2, 3), Plan.VIRTUAL.getLast(), 8081).talk(5);
            clients.tcp(Plan.client(2, 3), Plan.VIRTUAL.getLast(), 81).talk(5);
        }
    },
    /** Calls are persistent by their Call-ID, which travels with the template. */
    SIP(4) {
        @Override
        List<String> rules() {
            return Rules.service("-u", 5060, "-s rr -p 60 --pe sip", "-m");
        }

        @Override
        void traffic(Interop interop, Clients clients) throws IOException {
            for (int call = 1; call <= 2; call++) {
                String invite =
                        "INVITE sip:you@example.net SIP/2.0\r\nCall-ID: call-%d@example.org\r\n\r\n"
                                .formatted(call);
                clients.udp(Plan.client(1, call), Plan.VIRTUAL.getFirst(), 5060, 4, invite);
            }
        }
    },
    IPV6(6) {
        @Override
        List<String> rules() {
            var rules = new ArrayList<>(Rules.service6("-t", 80, "-s rr", "-m"));
            rules.addAll(Rules.service6("-t", 8080, "-s rr -p 250 -M 64", "-m"));
            rules.addAll(Rules.service6("-u", 53, "-s rr", "-m"));
            return rules;
        }

        @Override
        void traffic(Interop interop, Clients clients) throws IOException {
            clients.tcp(Plan.CLIENT6, Plan.VIRTUAL6, 80).talk(5);
            clients.tcp(Plan.CLIENT6, Plan.VIRTUAL6, 80).talk(5).close();
            clients.tcp(Plan.client6(1, 1), Plan.VIRTUAL6, 8080).talk(5);
            clients.tcp(Plan.client6(1, 2), Plan.VIRTUAL6, 8080).talk(5);
            clients.udp(Plan.CLIENT6, Plan.VIRTUAL6, 53, 4, "question");
        }
    };

    private final int entries;

    Kind(int entries) {
        this.entries = entries;
    }

    /** Entries that its traffic makes, templates among them. */
    int entries() {
        return entries;
    }

    /** Lines of {@code ipvsadm --restore}. */
    abstract List<String> rules();

    /** What it needs of a director that schedules it. */
    void prepare(KernelDirector director) throws IOException {}

    /** Makes entries, and leaves their connections open or closed as told above. */
    abstract void traffic(Interop interop, Clients clients) throws IOException;

    private static void tcp(Clients clients, String from, String service, int port)
            throws IOException {
        for (int i = 0; i < 6; i++) {
            clients.tcp(from, service, port).talk(5);
        }
        clients.tcp(from, service, port).talk(5).close();
        clients.tcp(from, service, port).talk(5).reset();
    }
}
