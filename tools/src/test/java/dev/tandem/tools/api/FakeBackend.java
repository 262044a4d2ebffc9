package dev.tandem.tools.api;

import dev.tandem.director.conn.ConnectionView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A daemon with fixed data: node b was master, died, and a took over. */
public final class FakeBackend implements ApiBackend {
    /** When set, a failover waits for it. */
    public @Nullable CountDownLatch hold;

    /** The query that was asked last. */
    public volatile @Nullable ConnectionQuery asked;

    /** The cluster that was asked about last. */
    public volatile @Nullable String askedCluster;

    /** What was asked to be moved last. */
    public volatile @Nullable FailoverRequest ordered;

    /** Whether the node is in two clusters. */
    public boolean several;

    /** What a failover is refused with. */
    public @Nullable String refusal;

    @Override
    public ConfigText config() {
        return new ConfigText("/etc/tandem/a.yaml", true, "node: a\n");
    }

    @Override
    public ConfigText saveConfig() {
        return new ConfigText("/etc/tandem/a.yaml", false, "node: a\n");
    }

    /** What changes were asked for last. */
    public @Nullable IpvsRequest changes;

    @Override
    public Ipvs ipvs(String cluster) {
        askedCluster = cluster;
        Ipvs.Traffic traffic = new Ipvs.Traffic(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        return new Ipvs(
                4096,
                new Ipvs.Timeouts(900, 120, 300),
                List.of(),
                traffic,
                List.of(
                        new Ipvs.Service(
                                new Ipvs.ServiceId("TCP", "192.0.2.10", 80, 0, false),
                                new Ipvs.ServiceSettings("wlc", 0, 0, "255.255.255.255", ""),
                                traffic,
                                List.of())),
                List.of());
    }

    @Override
    public IpvsAnswer ipvs(IpvsRequest request) {
        changes = request;
        return new IpvsAnswer(
                request.operations().stream()
                        .map(operation ->
                                operation.command() == IpvsOperation.Command.ADD_SERVICE
                                        ? new IpvsAnswer.Result("EEXIST", "")
                                        : IpvsAnswer.Result.DONE)
                        .toList());
    }

    /** The settings that were asked about last. */
    public List<String> askedSettings = List.of();

    /** The settings that were asked for last. */
    public @Nullable SettingsRequest wantedSettings;

    @Override
    public SettingsAnswer settings(String cluster, List<String> names) {
        askedCluster = cluster;
        askedSettings = names;
        return new SettingsAnswer(
                cluster,
                List.of(
                        new SettingsAnswer.Named("drop_entry", 3, 0, 0, 3, "forget some"),
                        new SettingsAnswer.Named("timeout_udp", 300, 300, 1, 8_589_934, "seconds")),
                List.of(new SettingsAnswer.Other("conntrack", "there is none")));
    }

    @Override
    public SettingsAnswer settings(SettingsRequest request) throws ApiException {
        wantedSettings = request;
        if (refusal != null) {
            throw new ApiException(400, refusal);
        }
        return new SettingsAnswer(
                "web",
                request.settings().entrySet().stream()
                        .map(e ->
                                new SettingsAnswer.Named(
                                        e.getKey(), e.getValue().intValue(), 0, 0, 3, ""))
                        .toList(),
                List.of());
    }

    @Override
    public Overview overview() {
        return several
                ? new Overview("a", 93_784_005, List.of(status("web"), status("db")))
                : new Overview("a", 93_784_005, List.of(status("web")));
    }

    @Override
    public Status status(String cluster) {
        return new Status(
                "a",
                cluster,
                "pair",
                "MASTER",
                7,
                "a",
                "b was silent for 300 ms",
                "",
                93_784_005,
                "",
                1234,
                1_048_576,
                List.of(
                        new Status.Address("198.51.100.10", "outside", true),
                        new Status.Address("10.77.2.100", "inside", true)),
                80,
                List.of(
                        new Status.Tracked("interface up", "GOOD", 0, 0, "", 61_000, 0),
                        new Status.Tracked(
                                "script dns", "FAILED", -20, -20, "ended with 1", 5_000, 9)),
                List.of(
                        new Status.Peer("b", "BACKUP", true, 7, 100, 1230, 4, "a", 7, false, 17),
                        new Status.Peer("c", "UNKNOWN", false, 0, 0, 0, 0, "", 0, false, -1)),
                List.of(
                        new Status.Service(
                                "tcp",
                                "198.51.100.10",
                                80,
                                "wlc",
                                List.of(),
                                0,
                                "",
                                false,
                                1200,
                                123_456,
                                98_765,
                                12_345_678_901L,
                                999,
                                new Status.Rates(1, 2, 3, 4, 5),
                                List.of(
                                        new Status.Server(
                                                "10.77.2.11",
                                                8080,
                                                "nat",
                                                2,
                                                700,
                                                100,
                                                0,
                                                0,
                                                0,
                                                false,
                                                800,
                                                100_000,
                                                80_000,
                                                12_000_000_000L,
                                                500,
                                                new Status.Rates(1, 2, 3, 4, 5)),
                                        new Status.Server(
                                                "10.77.2.12",
                                                8080,
                                                "dr",
                                                1,
                                                300,
                                                100,
                                                3,
                                                500,
                                                400,
                                                false,
                                                400,
                                                23_456,
                                                18_765,
                                                345_678_901,
                                                499,
                                                new Status.Rates(0, 0, 0, 0, 0))))),
                new Status.SharedServices(
                        7,
                        3,
                        "a",
                        "",
                        0,
                        List.of(
                                new Status.PeerServices("b", 7, 3, "a", true, ""),
                                new Status.PeerServices(
                                        "c",
                                        0,
                                        0,
                                        "",
                                        false,
                                        "cannot have version 7.3 from a: there is no scheduler x"))),
                new Status.Sync(
                        "link",
                        "224.0.0.81",
                        8848,
                        7,
                        true,
                        12,
                        sorted("recordsSent", 55L, "sendErrors", 0L),
                        Map.of(),
                        new Status.Settings(
                                1,
                                4,
                                1,
                                1472,
                                256,
                                0,
                                List.of(),
                                3,
                                50,
                                0,
                                0,
                                false,
                                5,
                                "permissive",
                                List.of(2, 1)),
                        sorted("sent", 9L, "socketDrops", 3L),
                        new Status.Hardening(
                                7,
                                7,
                                1,
                                2000,
                                0.617,
                                30,
                                true,
                                sorted("verified", 800L, "plain", 2L),
                                Map.of("BAD_MAC", 4L)),
                        new Status.Tables(
                                false,
                                true,
                                2000,
                                40,
                                0.98,
                                2300,
                                "3 of 4096 buckets differ",
                                sorted("comparisons", 70L, "bucketsRepaired", 2L)),
                        null),
                List.of(
                        new Status.Port("outside", 1000, 2, 0, 1, 4, 900, 0, 0, 0),
                        new Status.Port("inside", 800, 0, 0, 0, 0, 700, 3, 100, 1)),
                sorted("toServer", 123_456L, "toClient", 98_765L),
                sorted("no-service", 17L, "ttl", 2L),
                new Status.Defence(
                        true,
                        new Status.Strategy(1, 2, true),
                        new Status.Strategy(1, 1, false),
                        new Status.Strategy(0, 0, false),
                        0,
                        12,
                        0),
                sorted("ftpExpected", 3L, "sipFound", 0L),
                Map.of("mine", 4L),
                new Status.Guard(true, "on, hides things", 2, 0, 1, 5),
                sorted("sent", 100L, "received", 90L),
                new Status.Group(
                        List.of(2, 1),
                        List.of("heartbeats from 10.77.3.9 are not believed: for a reason"),
                        new Status.Gateway("10.77.1.254", true, 12)),
                sorted("waiting", 0L, "told", 6L));
    }

    @Override
    public Connections connections(String cluster, ConnectionQuery query) {
        askedCluster = cluster;
        asked = query;
        return new Connections(
                1234,
                true,
                List.of(
                        new ConnectionView(
                                "TCP",
                                "203.0.113.9:40001",
                                "198.51.100.10:80",
                                "10.77.2.11:8080",
                                "ESTABLISHED",
                                899,
                                900,
                                "nat",
                                true,
                                false,
                                false,
                                0,
                                0,
                                12,
                                "",
                                ""),
                        new ConnectionView(
                                "UDP",
                                "203.0.113.10:5353",
                                "198.51.100.10:53",
                                "10.77.2.12:53",
                                "UDP",
                                61,
                                300,
                                "nat",
                                true,
                                true,
                                false,
                                0x120,
                                0,
                                1,
                                "",
                                "")));
    }

    @Override
    public Report failover(FailoverRequest request) throws ApiException {
        ordered = request;
        CountDownLatch gate = hold;
        if (gate != null) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (refusal != null) {
            throw new ApiException(409, refusal);
        }
        return report(request.to() == null ? "b" : request.to());
    }

    @Override
    public Checks check(FailoverRequest request) {
        return new Checks(
                "a",
                "b",
                request.force(),
                List.of(
                        new Checks.Check("state", true, false, "b is BACKUP"),
                        new Checks.Check("lag", false, true, "b is 7 records behind")));
    }

    /** Of a planned failover. */
    public static Report proven() {
        NodeView before = new NodeView("a", 41, "MASTER", 7, 1234, 0, true, 0, "", "0a", 99, 0);
        NodeView after = new NodeView("a", 41, "BACKUP", 8, 1234, 0, true, 0, "", "0a", 102, 3);
        return report("b").proven(new Proof(List.of(before), List.of(after), 0, true, 6.25, 3));
    }

    @Override
    public Maintenance maintenance(MaintenanceRequest request) throws ApiException {
        if (refusal != null) {
            throw new ApiException(409, refusal);
        }
        boolean on = Boolean.TRUE.equals(request.on());
        return new Maintenance("a", "web", on, on ? report("b") : null);
    }

    @Override
    public Keys reloadKeys() throws ApiException {
        if (refusal != null) {
            throw new ApiException(409, refusal);
        }
        return new Keys(List.of(new Keys.ClusterKeys("web", "sync", List.of(3, 2))));
    }

    @Override
    public List<Report> reports(String cluster) {
        askedCluster = cluster;
        return List.of(report("b"));
    }

    /** The limit that was asked for last. */
    public int askedLimit;

    @Override
    public List<Transition> history(String cluster, int limit) {
        askedCluster = cluster;
        askedLimit = limit;
        Transition bare =
                new Transition(
                        "2026-03-04T05:06:07.890Z",
                        "web",
                        "a",
                        "CANDIDATE",
                        "MASTER",
                        21,
                        8,
                        "a",
                        "the probe stayed silent",
                        "",
                        Map.of(),
                        -1,
                        80,
                        "a",
                        8,
                        "",
                        status("web").peers());
        return List.of(bare.partOf(report("a")));
    }

    @Override
    public Why why(String cluster) {
        askedCluster = cluster;
        return new Why(
                "a",
                "web",
                "BACKUP",
                7,
                "b",
                "b is master",
                "b is master in epoch 7",
                "its table lacks 3 entries",
                80,
                List.of(
                        new Why.Vote("a", "b", 7, 0),
                        new Why.Vote("b", "b", 7, 17),
                        new Why.Vote("w", "", 0, -1)),
                "10.77.1.254 answers b",
                "",
                "nobody would take over: a is SYNCING",
                status("web").tracked());
    }

    private static Report report(String to) {
        Map<String, Double> phases = new LinkedHashMap<>();
        phases.put("flush", 1.25);
        phases.put("silence", 0.5);
        phases.put("grant", 2.0);
        phases.put("take", 3.75);
        return new Report(
                "8-" + to,
                "2026-03-04T05:06:07.890Z",
                "command",
                "a",
                to,
                8,
                phases,
                1234,
                "asked for by an operator",
                "web",
                null);
    }

    private static Map<String, Long> sorted(String k1, Long v1, String k2, Long v2) {
        Map<String, Long> map = new LinkedHashMap<>();
        map.put(k1, v1);
        map.put(k2, v2);
        return map;
    }
}
