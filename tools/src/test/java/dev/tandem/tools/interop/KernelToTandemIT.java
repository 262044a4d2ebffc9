package dev.tandem.tools.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.director.config.SyncConfig;
import dev.tandem.sync.transport.SyncLinkConfig;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
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

    /**
     * By the daemon, as the JDK lists the IPv6 addresses of the namespace that its process began
     * in.
     */
    @Test
    void shouldHearAnIpv6Group(Interop interop) throws Exception {
        KernelDirector witness = interop.witness();
        witness.services(Kind.TCP_NAT.rules());
        witness.startBackup(Plan.GROUP6_OPTIONS);
        TandemDaemon tandem = TandemDaemon.start(interop, 3, TandemFile.ofTables().group6());
        KernelDirector master = interop.a();
        master.services(Kind.TCP_NAT.rules());
        master.takeAddresses();
        master.startMaster(Plan.GROUP6_OPTIONS);

        Kind.TCP_NAT.traffic(interop, interop.clients());

        Tables.awaitEqual(witness, tandem, Kind.TCP_NAT.entries(), PATIENCE);
    }

    @Test
    void shouldHearAnotherGroupAndPort(Interop interop) throws Exception {
        replicate(
                interop,
                Kind.TCP_NAT,
                1,
                "--mcast-group 239.10.0.7 --mcast-port 9848",
                TandemFile.ofTables().sync("group: 239.10.0.7").sync("port: 9848"),
                UnaryOperator.identity());
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

    /** Each of a kernel's sync threads has a port of its own. */
    @Test
    void shouldHearSeveralPorts(Interop interop) throws Exception {
        interop.a().sysctl("sync_ports=4");
        interop.witness().sysctl("sync_ports=4");
        replicate(
                interop,
                Kind.TCP_NAT,
                1,
                "",
                TandemFile.ofTables().sync("ports: 4"),
                UnaryOperator.identity());
    }

    /** Two pairs on one wire are told apart by their sync ids; what is foreign is counted. */
    @Test
    void shouldIgnoreAnotherSyncId(Interop interop) throws Exception {
        TandemDirector other =
                TandemDirector.start(
                        interop, 4, new TandemFile().sync("syncid: 8").service("tcp", 80, "nat"));

        replicate(interop, Kind.TCP_NAT, 1);

        assertEquals(List.of(), other.table());
        assertTrue(
                other.status().sync().orElseThrow().refused().getOrDefault("FOREIGN_SYNC_ID", 0L)
                        > 0,
                other::story);
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
