package dev.tandem.tools.interop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The kernel's IPVS in a namespace of a guest, fresh for every test: on a director's place with
 * three legs, or as a witness on the sync segment alone.
 */
final class KernelDirector implements Ipvs, Listed {
    private static final String DIRECTOR = "d";
    private static final String WITNESS = "w";

    private final Guest guest;
    private final String namespace;
    private final String syncNic;

    private KernelDirector(Guest guest, String namespace, String syncNic) {
        this.guest = guest;
        this.namespace = namespace;
        this.syncNic = syncNic;
    }

    static KernelDirector director(Guest guest) {
        return new KernelDirector(guest, DIRECTOR, "sync0");
    }

    static KernelDirector witness(Guest guest) {
        return new KernelDirector(guest, WITNESS, "sync1");
    }

    /**
     * Makes a director's and a witness's namespace in a guest, after those of the last test.
     *
     * @param number 1 or 2, the last digit of its addresses
     */
    static void renew(Guest guest, int number) throws IOException {
        var script = new ArrayList<String>();
        script.add(
                """
                for ns in d w s; do
                    [ -e /run/netns/$ns ] || continue
                    for process in $(ip netns pids $ns); do kill -9 $process; done
                    ip netns exec $ns sh -c 'ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup
                        ipvsadm -C' 2>/dev/null
                    for nic in sync0 cli0 rs0 sync1; do ip -n $ns link set $nic netns 1 2>/dev/null; done
                    ip netns del $ns
                done
                set -e
                ip netns add d
                ip netns add w
                for nic in sync0 cli0 rs0; do ip link set $nic netns d; done
                ip link set sync1 netns w
                ip -n d -batch - <<END\
                """);
        script.addAll(
                List.of(
                        "link set lo up",
                        "link set sync0 up",
                        "link set cli0 up",
                        "link set rs0 up",
                        "address add 10.83.0.1%d/24 dev sync0".formatted(number),
                        "address add fd83::1%d/64 dev sync0 nodad".formatted(number),
                        "address add 10.81.0.1%d/16 dev cli0".formatted(number),
                        "address add fd81::1%d/64 dev cli0 nodad".formatted(number),
                        "address add 10.82.0.1%d/24 dev rs0".formatted(number),
                        "address add fd82::1%d/64 dev rs0 nodad".formatted(number),
                        "END",
                        "ip -n w -batch - <<END",
                        "link set lo up",
                        "link set sync1 up",
                        "address add 10.83.0.2%d/24 dev sync1".formatted(number),
                        "address add fd83::2%d/64 dev sync1 nodad".formatted(number),
                        "END",
                        "ip netns exec d sysctl -qw net.ipv4.ip_forward=1"
                                + " net.ipv6.conf.all.forwarding=1"
                                + " net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0"
                                + " net.ipv4.conf.cli0.rp_filter=0 net.ipv4.conf.rs0.rp_filter=0"
                                + " net.ipv4.conf.all.send_redirects=0"
                                + " net.ipv4.conf.cli0.send_redirects=0"
                                + " net.ipv4.conf.rs0.send_redirects=0"
                                + " net.ipv4.conf.all.arp_ignore=1"));
        guest.run(script.toArray(String[]::new));
    }

    /** Runs a script of lines inside. */
    String run(String... script) throws IOException {
        return guest.run("exec ip netns exec " + namespace + " sh -e <<'END'", join(script), "END");
    }

    private static String join(String... script) {
        return String.join("\n", Arrays.asList(script));
    }

    /** Takes the virtual addresses and the gateway, and tells the neighbours. */
    @Override
    public void takeAddresses() throws IOException {
        run(
                "ip -batch - <<MORE",
                "address add %s/32 dev cli0".formatted(Plan.VIRTUAL.getFirst()),
                "address add %s/32 dev cli0".formatted(Plan.VIRTUAL.getLast()),
                "address add %s/128 dev cli0 nodad".formatted(Plan.VIRTUAL6),
                "address add %s/32 dev rs0".formatted(Plan.GATEWAY),
                "address add %s/128 dev rs0 nodad".formatted(Plan.GATEWAY6),
                "MORE",
                "perl /run/share/garp.pl cli0 " + String.join(" ", Plan.VIRTUAL),
                "perl /run/share/garp.pl rs0 " + Plan.GATEWAY);
    }

    @Override
    public void releaseAddresses() throws IOException {
        run(
                "ip -batch - <<MORE",
                "address del %s/32 dev cli0".formatted(Plan.VIRTUAL.getFirst()),
                "address del %s/32 dev cli0".formatted(Plan.VIRTUAL.getLast()),
                "address del %s/128 dev cli0".formatted(Plan.VIRTUAL6),
                "address del %s/32 dev rs0".formatted(Plan.GATEWAY),
                "address del %s/128 dev rs0".formatted(Plan.GATEWAY6),
                "MORE");
    }

    @Override
    public String ipvsadm(String arguments) throws IOException {
        return run("ipvsadm " + arguments);
    }

    @Override
    public void services(List<String> rules) throws IOException {
        run("ipvsadm -R <<MORE", String.join("\n", rules), "MORE");
    }

    /** Sets parameters of IPVS by their names under {@code net.ipv4.vs}. */
    void sysctl(String... assignments) throws IOException {
        run("sysctl -qw net.ipv4.vs." + String.join(" net.ipv4.vs.", assignments));
    }

    void startMaster(String... options) throws IOException {
        startDaemon("master", options);
    }

    void startBackup(String... options) throws IOException {
        startDaemon("backup", options);
    }

    void stopMaster() throws IOException {
        run("ipvsadm --stop-daemon master");
    }

    private void startDaemon(String role, String... options) throws IOException {
        String more = String.join(" ", options);
        String id = more.contains("--syncid") ? "" : " --syncid " + Plan.SYNC_ID;
        run(
                "ipvsadm --start-daemon %s --mcast-interface %s%s %s"
                        .formatted(role, syncNic, id, more));
    }

    @Override
    public List<TableRow> table() throws IOException {
        return TableRow.parse(listing());
    }

    /** The same as printed. */
    String listing() throws IOException {
        return run("ipvsadm -Lnc");
    }

    @Override
    public String toString() {
        return "kernel " + guest.name() + "/" + namespace;
    }
}
