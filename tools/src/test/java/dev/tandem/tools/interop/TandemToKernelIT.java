package dev.tandem.tools.interop;

import dev.tandem.tools.interop.TableRow.Times;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tandem is master; what it sends makes the same table in a kernel. */
@Tag("interop")
@ExtendWith(InteropExtension.class)
class TandemToKernelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    @ParameterizedTest
    @CsvSource({"TCP_NAT, 1", "TCP_DIRECT, 1", "UDP, 1", "TCP_NAT, 0", "TCP_DIRECT, 0", "UDP, 0"})
    void shouldGiveItsConnections(Kind kind, int version, Interop interop) throws Exception {
        KernelDirector backup = interop.a();
        backup.services(kind.rules());
        backup.startBackup();
        TandemDirector tandem =
                TandemDirector.start(
                        interop, 3, TandemFile.ofTables(), TandemDirector.version(version));
        tandem.takeAddresses();

        kind.traffic(interop, interop.clients());

        Tables.awaitEqual(backup, tandem, kind.entries(), PATIENCE);
    }

    @Test
    void shouldSpeakToAnIpv6Group(Interop interop) throws Exception {
        KernelDirector backup = interop.a();
        backup.services(Kind.TCP_NAT.rules());
        backup.startBackup(Plan.GROUP6_OPTIONS);
        TandemDaemon tandem =
                TandemDaemon.start(interop, 3, TandemFile.ofTables().group6().standalone());

        Kind.TCP_NAT.traffic(interop, interop.clients());

        Tables.awaitEqual(backup, tandem, Kind.TCP_NAT.entries(), PATIENCE);
    }

    /**
     * What it cannot schedule it knows from a kernel, and passes on to another when it promotes.
     */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldPassOnWhatAKernelGaveIt(Kind kind, Interop interop) throws Exception {
        relay(kind, 1, interop);
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "IPV6")
    void shouldPassItOnByVersion0(Kind kind, Interop interop) throws Exception {
        relay(kind, 0, interop);
    }

    private static void relay(Kind kind, int version, Interop interop) throws Exception {
        KernelDirector master = interop.a();
        TandemDirector tandem =
                TandemDirector.start(
                        interop, 3, TandemFile.ofTables(), TandemDirector.version(version));
        master.services(kind.rules());
        kind.prepare(master);
        master.takeAddresses();
        master.startMaster();
        long heardNs = System.nanoTime();
        kind.traffic(interop, interop.clients());
        Await.that(
                "all entries at Tandem", PATIENCE, () -> tandem.table().size() >= kind.entries());

        master.stopMaster();
        master.releaseAddresses();
        KernelDirector backup = interop.b();
        backup.services(kind.rules());
        backup.startBackup();
        tandem.takeAddresses();
        tandem.flush();

        long laterSeconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - heardNs) + 1;
        Times times = Times.later(laterSeconds);
        Tables.awaitEqual(
                backup,
                tandem,
                kind.entries(),
                PATIENCE,
                version == 0 ? times.butTemplates() : times);
    }
}
