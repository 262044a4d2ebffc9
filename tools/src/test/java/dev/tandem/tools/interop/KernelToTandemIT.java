package dev.tandem.tools.interop;

import dev.tandem.director.config.SyncConfig;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel is master; what it sends makes the same table here as in a kernel that listens. */
@Tag("interop")
@ExtendWith(InteropExtension.class)
class KernelToTandemIT {
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldHaveItsEntries(Kind kind, Interop interop) throws Exception {
        replicate(interop, kind, 1);
    }

    /** Version 0 carries IPv4, no engine's data, and half of the flags. */
    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "IPV6")
    void shouldHaveItsEntriesByVersion0(Kind kind, Interop interop) throws Exception {
        replicate(interop, kind, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "--mcast-group 239.10.0.7 --mcast-port 9848, group: 239.10.0.7|port: 9848",
        "--mcast-group ff02::83 --mcast-port 9849, group: ff02::83|port: 9849",
    })
    void shouldHearAnotherGroupAndPort(String kernelOptions, String keys, Interop interop)
            throws Exception {
        var file = TandemFile.ofTables();
        for (String key : keys.split("\\|", -1)) {
            file.sync(key);
        }
        replicate(interop, Kind.TCP_NAT, 1, kernelOptions, file, UnaryOperator.identity());
    }

    /** A record a message, and messages of several fragments. */
    @ParameterizedTest
    @ValueSource(ints = {44, 9000})
    void shouldTakeShortAndLongMessages(int maxLength, Interop interop) throws Exception {
        replicate(
                interop,
                Kind.TCP_NAT,
                1,
                "--sync-maxlen " + maxLength,
                TandemFile.ofTables(),
                maxLength < SyncLinkConfig.DEFAULT_MAX_LENGTH
                        ? UnaryOperator.identity()
                        : TandemDirector.maxLength(maxLength));
    }

    private static void replicate(Interop interop, Kind kind, int version) throws Exception {
        replicate(interop, kind, version, "", TandemFile.ofTables(), UnaryOperator.identity());
    }

    private static void replicate(
            Interop interop,
            Kind kind,
            int version,
            String kernelOptions,
            TandemFile file,
            UnaryOperator<SyncConfig> sync)
            throws Exception {
        KernelDirector master = interop.a();
        KernelDirector witness = interop.witness();
        witness.services(kind.rules());
        // a kernel's backup wants at least 1024
        witness.startBackup(kernelOptions.replace("--sync-maxlen 44", ""));
        TandemDirector tandem = TandemDirector.start(interop, 3, file, sync);
        master.services(kind.rules());
        kind.prepare(master);
        master.sysctl("sync_version=" + version);
        master.takeAddresses();
        master.startMaster(kernelOptions);

        kind.traffic(interop, interop.clients());

        Tables.awaitEqual(witness, tandem, kind.entries(), PATIENCE);
    }
}
