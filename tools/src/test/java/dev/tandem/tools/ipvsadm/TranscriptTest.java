package dev.tandem.tools.ipvsadm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.Ipvs.Tunnel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that ipvsadm 1.31 was seen to do, byte for byte. */
class TranscriptTest {
    /** Listings are cut after so many lines in the transcripts of command lines. */
    private static final int CUT = 4;

    static List<Transcript> grammar() {
        return Transcript.read("grammar.txt");
    }

    static List<Transcript> listings() {
        return Transcript.read("golden.txt").stream()
                // an old kernel's answer, which says less
                .filter(t -> !t.output().equals("master sync daemon (mcast=eth0, syncid=5)\n"))
                .toList();
    }

    @Test
    void shouldHaveAllOfThem() {
        assertEquals(107, grammar().stream().filter(seen -> seen.errno() == 0).count());
        assertEquals(29, grammar().stream().filter(seen -> seen.errno() != 0).count());
        assertEquals(23, listings().size());
    }

    @ParameterizedTest
    @MethodSource("grammar")
    void shouldSayAndReturnTheSame(Transcript seen) {
        Ipvs ipvs = seen.errno() == 3 ? GoldenData.ipvs(List.of()) : GoldenData.ipvs(false);

        Run run = Run.of(new FakeControl(ipvs, seen.errno()), seen.words(), "");

        String out = seen.code() == 0 ? firstLines(run.out()) : run.out();
        assertEquals(seen.output(), out + run.err());
        assertEquals(seen.code(), run.code());
    }

    @ParameterizedTest
    @MethodSource("listings")
    void shouldListTheSame(Transcript seen) {
        boolean large =
                seen.words().contains("-t")
                        && (seen.words().contains("--stats") || seen.words().contains("--rate"));

        Run run = Run.of(new FakeControl(GoldenData.ipvs(large), 0), seen.words(), "");

        assertEquals(seen.output(), run.out());
        assertEquals("", run.err());
        assertEquals(seen.code(), run.code());
    }

    @Test
    void shouldSaySoLittleOfADaemonAsAnOldKernel() {
        Ipvs all = GoldenData.ipvs(false);
        Ipvs ipvs =
                new Ipvs(
                        all.tableSize(),
                        all.timeouts(),
                        List.of(new Ipvs.SyncDaemon("master", "eth0", 5, 0, "", 0, 0)),
                        all.traffic(),
                        all.services(),
                        all.apps());

        assertEquals(
                "master sync daemon (mcast=eth0, syncid=5)\n",
                Run.of(new FakeControl(ipvs, 0), List.of("-L", "--daemon"), "").out());
    }

    @Test
    void shouldSortSignedUnlessAskedForNumbers() {
        List<Ipvs.Server> servers =
                List.of(
                        nat("100.1.1.1", 53),
                        nat("10.0.0.5", 53),
                        nat("10.0.0.5", 8),
                        nat("172.16.0.1", 53),
                        nat("192.168.20.1", 53));
        Ipvs ipvs =
                GoldenData.ipvs(
                        List.of(
                                GoldenData.service(
                                        4,
                                        GoldenData.address("TCP", "10.0.0.9", 443),
                                        "sh",
                                        0x1b,
                                        300,
                                        "255.255.255.0",
                                        "",
                                        servers,
                                        false)));

        assertEquals(
                List.of(
                        "172.16.0.1:53",
                        "192.168.20.1:53",
                        "10.0.0.5:8",
                        "10.0.0.5:53",
                        "100.1.1.1:53"),
                servers(ipvs, "-Ln"));
        assertEquals(
                List.of(
                        "10.0.0.5:8",
                        "10.0.0.5:53",
                        "100.1.1.1:53",
                        "172.16.0.1:53",
                        "192.168.20.1:53"),
                servers(ipvs, "-Ln", "--sort=numeric"));
        assertEquals(
                List.of(
                        "100.1.1.1:53",
                        "10.0.0.5:53",
                        "10.0.0.5:8",
                        "172.16.0.1:53",
                        "192.168.20.1:53"),
                servers(ipvs, "-Ln", "--nosort"));
    }

    private static List<String> servers(Ipvs ipvs, String... words) {
        return Run.of(new FakeControl(ipvs, 0), List.of(words), "")
                .out()
                .lines()
                .filter(line -> line.startsWith("  -> 1"))
                .map(line -> line.split(" +", -1)[2])
                .toList();
    }

    private static Ipvs.Server nat(String address, int port) {
        return GoldenData.server(address, port, "nat", 1, 0, 0, Tunnel.IPIP, 0, 0, 0, 0, false);
    }

    private static String firstLines(String text) {
        StringBuilder lines = new StringBuilder();
        text.lines().limit(CUT).forEach(line -> lines.append(line).append('\n'));
        return lines.toString();
    }
}
