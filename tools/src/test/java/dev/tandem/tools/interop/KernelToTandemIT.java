package dev.tandem.tools.interop;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A kernel is master; what it sends makes the same table here as in a kernel that listens. */
@Tag("interop")
@ExtendWith(InteropExtension.class)
class KernelToTandemIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void shouldHaveItsTcpConnections(Interop interop) throws Exception {
        KernelDirector master = interop.a();
        KernelDirector witness = interop.witness();
        List<String> rules = Rules.service("-t", 80, "-s rr", "-m");
        master.services(rules);
        witness.services(rules);
        master.takeAddresses();
        witness.startBackup();
        TandemDirector tandem =
                TandemDirector.start(
                        interop,
                        3,
                        new TandemFile().sync("syncid: " + Plan.SYNC_ID).service("tcp", 80, "nat"));
        master.startMaster();

        Clients clients = interop.clients();
        for (int i = 0; i < 6; i++) {
            clients.tcp(Plan.CLIENT, Plan.VIRTUAL.getFirst(), 80).talk(5);
        }
        clients.tcp(Plan.CLIENT, Plan.VIRTUAL.getFirst(), 80).talk(5).close();
        clients.tcp(Plan.CLIENT, Plan.VIRTUAL.getFirst(), 80).talk(5).reset();

        Await.none(
                "equal tables of master, witness and Tandem",
                PATIENCE,
                () -> {
                    List<List<TableRow>> tables = Interop.both(witness::table, tandem::table);
                    String difference =
                            TableRow.difference(
                                    witness.toString(),
                                    tables.getFirst(),
                                    tandem.toString(),
                                    tables.getLast());
                    return tables.getFirst().size() == 8 || !difference.isEmpty()
                            ? difference
                            : "only %d entries".formatted(tables.getFirst().size());
                });
        assertFalse(tandem.table().isEmpty());
    }
}
