package dev.tandem.tools.ipvsadm;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.tools.api.Ipvs;
import dev.tandem.tools.api.IpvsAnswer;
import dev.tandem.tools.api.IpvsOperation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoreTest {
    private static final String UNKNOWN = "--foo: unknown option\n";
    private static final String TRY =
            "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n";

    /** Lines ('/' between them), how many changes were asked for, the exit code. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ipvsadm -A -t 1.2.3.4:80/-A -t 1.2.3.4:81 --foo/-A -t 1.2.3.4:82 | 2 | 0   | foo",
                "-A -t 1.2.3.4:80/-A -t 1.2.3.4:81 --foo                         | 1 | 255 | foo",
                "-A -t 1.2.3.4:80 -p 0/-A -t 1.2.3.4:82                          | 0 | 2   | other",
                "-C/-A -t 1.2.3.4:80 -p 0/-A -t 1.2.3.4:82                       | 1 | 2   | other",
                "-A\t-t   1.2.3.4:80  //  /   -A -t 1.2.3.4:82                   | 2 | 0   | ''",
                "-A ipvsadm -t 1.2.3.4:82 ipvsadm                                | 1 | 0   | ''",
                "ipvsadm/-C                                                      | 1 | 0   | ''",
                "foo/-C                                                          | 0 | 255 | try",
                "-C/-R/-C                                                        | 1 | 255 | try",
                "-C/-v/-C                                                        | 1 | 0   | ''",
                "# ours/-C # what is behind it, too                              | 1 | 0   | ''"
            })
    void shouldReadOnOrStopAsIpvsadmDoes(String lines, int changes, int code, String said) {
        FakeControl control = new FakeControl(GoldenData.ipvs(false), 0);

        Run run = Run.of(control, List.of("-R"), lines.replace('/', '\n'));

        assertEquals(changes, control.applied.size());
        assertEquals(code, run.code());
        switch (said) {
            case "foo" -> assertEquals(UNKNOWN, run.err());
            case "try" -> assertEquals(TRY, run.err());
            case "other" -> assertEquals("invalid timeout value `0' specified\n", run.err());
            default -> assertEquals("", run.err());
        }
    }

    @Test
    void shouldGoOnAfterWhatTheKernelRefuses() {
        FakeControl control = new FakeControl(GoldenData.ipvs(false), 17);

        Run run = Run.of(control, List.of("-R"), "-A -t 1.2.3.4:80\n-a -t 1.2.3.4:80 -r 1.1.1.1\n");

        assertEquals("Service already exists\nDestination already exists\n", run.err());
        assertEquals(255, run.code());
        assertEquals(2, control.applied.size());
    }

    @Test
    void shouldShowAListingBetweenChanges() {
        FakeControl control = new FakeControl(GoldenData.ipvs(false), 0);

        Run run = Run.of(control, List.of("-R"), "-C\n-L --timeout\n-C");

        assertEquals("Timeout (tcp tcpfin udp): 900 120 300\n", run.out());
        assertEquals(2, control.applied.size());
    }

    @Test
    void shouldSayTheDaemonsOwnReasonWhereNoKernelHasOne() {
        FakeControl control =
                new FakeControl(
                        GoldenData.ipvs(false),
                        new IpvsAnswer.Result("EPERM", "the failover layer says who sends"));

        Run run = Run.of(control, List.of("--start-daemon", "master"), "");

        assertEquals("the failover layer says who sends\n", run.err());
        assertEquals(255, run.code());
    }

    /** What is saved and restored is saved the same again, with names and without. */
    @ParameterizedTest
    @CsvSource({"-S", "-Sn", "-Sn --thresholds --timeout --daemon"})
    void shouldComeBackTheSame(String words) {
        // the last service has an IPv4 server behind an IPv6 mark, which no command can make
        Ipvs ipvs = GoldenData.ipvs(GoldenData.ipvs(false).services().subList(0, 9));
        List<String> save = List.of(words.split(" ", -1));
        String saved = Run.of(new FakeControl(ipvs, 0), save, "").out();
        FakeControl restored = new FakeControl(GoldenData.ipvs(List.of()), 0);

        Run run = Run.of(restored, List.of("-R"), saved);

        assertEquals("", run.err());
        assertEquals(saved.lines().count(), restored.applied.size());
        String again = Run.of(new FakeControl(rebuilt(ipvs, restored.applied), 0), save, "").out();
        assertEquals(saved, again);
        assertEquals(
                words.contains("--thresholds"),
                saved.contains("-r 192.168.10.1:80 -g -w 0 -x 100 -y 75\n"));
    }

    private static Ipvs rebuilt(Ipvs like, List<IpvsOperation> operations) {
        List<Ipvs.Service> services = new ArrayList<>();
        List<Ipvs.SyncDaemon> daemons = new ArrayList<>();
        Ipvs.Timeouts timeouts = new Ipvs.Timeouts(0, 0, 0);
        for (IpvsOperation operation : operations) {
            switch (operation.command()) {
                case ADD_SERVICE ->
                        services.add(
                                new Ipvs.Service(
                                        requireNonNull(operation.service()),
                                        requireNonNull(operation.settings()),
                                        like.traffic(),
                                        new ArrayList<>()));
                case ADD_SERVER ->
                        services.stream()
                                .filter(service -> service.id().equals(operation.service()))
                                .findFirst()
                                .orElseThrow()
                                .servers()
                                .add(
                                        new Ipvs.Server(
                                                requireNonNull(operation.server()),
                                                0,
                                                0,
                                                0,
                                                like.traffic()));
                case SET_TIMEOUTS -> timeouts = requireNonNull(operation.timeouts());
                case START_DAEMON -> daemons.add(requireNonNull(operation.daemon()));
                default -> throw new AssertionError("not in a saved table: " + operation);
            }
        }
        return new Ipvs(like.tableSize(), timeouts, daemons, like.traffic(), services, like.apps());
    }
}
