package dev.tandem.tools.ipvsadm;

import dev.tandem.tools.api.ApiException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem proc}: what programs look for in /proc/net. */
@Command(
        name = "proc",
        mixinStandardHelpOptions = true,
        description = "Print what a kernel's file of this name in /proc/net says, byte for byte.",
        footer = {
            "",
            "For programs there is `tandem status --json', and GET /v1/ipvs on the socket.",
            "Example: tandem proc ip_vs_conn | awk '$8 == \"ESTABLISHED\"' | wc -l"
        })
public final class ProcCommand implements Callable<Integer> {
    /** A Debian kernel's. */
    private static final int DEBIAN_TICKS = 250;

    /** The files. */
    enum ProcFile {
        IP_VS,
        IP_VS_APP,
        IP_VS_CONN,
        IP_VS_CONN_SYNC,
        IP_VS_STATS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @SuppressWarnings("NullAway") // picocli sets it
    @Parameters(paramLabel = "FILE", description = "One of: ${COMPLETION-CANDIDATES}.", arity = "1")
    private ProcFile file;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "The daemon's socket (TANDEM_SOCKET; otherwise the usual one).")
    private @Nullable String socket;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = "${env:TANDEM_CLUSTER:-}",
            description = "Which cluster; needed only where the node is in several.")
    private String cluster = "";

    @Option(
            names = "--hz",
            paramLabel = "N",
            description =
                    "Ticks a second, for the time of persistence in ip_vs (default:"
                            + " ${DEFAULT-VALUE}, as Debian's kernels); 1 for seconds.")
    private int ticks = DEBIAN_TICKS;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ApiException, IOException {
        Map<String, String> environment = System.getenv();
        IpvsControl control = new DaemonControl(Autostart.of(socket, environment), cluster);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        print(control, new ProcFormat(new PrintStream(text, true, StandardCharsets.UTF_8)));
        spec.commandLine().getOut().print(text.toString(StandardCharsets.UTF_8));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private void print(IpvsControl control, ProcFormat format) throws ApiException, IOException {
        switch (file) {
            case IP_VS -> format.services(control.snapshot(), ticks);
            case IP_VS_APP -> format.apps(control.snapshot());
            case IP_VS_CONN -> format.connections(control.connections(), false);
            case IP_VS_CONN_SYNC -> format.connections(control.connections(), true);
            case IP_VS_STATS -> format.stats(control.snapshot());
        }
    }
}
