package dev.tandem.tools.interop;

import java.io.IOException;

/**
 * SCTP clients and a server, which this host's kernel need not have: they live in a guest, on the
 * legs of its director.
 */
final class Sctp {
    private Sctp() {}

    /** Three associations through a service; the last is closed, the others stay. */
    static void talk(Guest guest, String service, int port) throws IOException {
        guest.run(
                """
                set -e
                ip netns add s
                ip -n d link set rs0 netns s
                ip -n s -batch - <<END
                link set lo up
                link set rs0 up
                address add 10.82.0.12/24 dev rs0
                route add default via %s
                END
                ip netns exec s perl /run/share/sctp.pl server 10.82.0.12 %d >/dev/null 2>&1 &
                # an association whose first packet is refused comes to be sent much later
                for try in 1 2 3 4 5 6 7 8 9 10; do
                    ip netns exec s grep -qw %d /proc/net/sctp/eps && break
                    sleep 0.2
                done
                ip netns exec d perl /run/share/sctp.pl client 10.81.0.12 %s %d 5 >/run/talked 2>&1 &
                for try in 1 2 3 4 5 6 7 8 9 10; do
                    grep -q talked /run/talked && exit
                    sleep 0.3
                    # the server may not have been there yet
                    grep -q connect: /run/talked && ip netns exec d perl /run/share/sctp.pl \\
                        client 10.81.0.12 %s %d 5 >/run/talked 2>&1 &
                done
                cat /run/talked
                exit 1\
                """
                        .formatted(Plan.GATEWAY, port, port, service, port, service, port)
                        .lines()
                        .toArray(String[]::new));
    }
}
