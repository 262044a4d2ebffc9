package dev.tandem.director.guard;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.service.ServicesSnapshot;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A process that holds a guard until its input ends, for a test to kill. */
final class GuardProcess {
    private GuardProcess() {}

    public static void main(String[] args) throws IOException {
        DirectorConfig config =
                new DirectorConfig(
                        List.of("lo"),
                        AddressHolder.HOST,
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        1024,
                        0,
                        DirectorSettings.DEFAULT);
        ServicesSnapshot none = new ServicesSnapshot(1, List.of());
        try (HostGuard guard =
                HostGuard.start(config, () -> none, () -> true, () -> true, _ -> {})) {
            System.out.println(guard.status().text());
            int _ = System.in.read();
        }
    }
}
