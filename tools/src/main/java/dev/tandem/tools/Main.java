package dev.tandem.tools;

import dev.tandem.director.control.PreflightException;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.bench.BenchCommand;
import dev.tandem.tools.chaos.ChaosCommand;
import dev.tandem.tools.config.ConfigException;
import dev.tandem.tools.demo.DemoCommand;
import dev.tandem.tools.ipvsadm.IpvsadmCommand;
import dev.tandem.tools.ipvsadm.ProcCommand;
import dev.tandem.tools.sync.SyncCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;

/** The command line's entry: finds the command and turns what it throws into words and a code. */
@Command(
        name = "tandem",
        description = "A pair of load-balancing directors that never drops a connection.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            KeyCommand.class,
            SyncKeysCommand.class,
            StatusCommand.class,
            ConnectionsCommand.class,
            IpvsadmCommand.class,
            ProcCommand.class,
            SettingsCommand.class,
            ConfigCommand.class,
            FailoverCommand.class,
            ReportsCommand.class,
            WhyCommand.class,
            MaintenanceCommand.class,
            SyncCommand.class,
            SimulateCommand.class,
            DemoCommand.class,
            ChaosCommand.class,
            BenchCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExit codes of every command:%n",
        footer = {
            "  0  done",
            "  1  what was asked for did not succeed; the reason is on stderr",
            "  2  bad usage, bad configuration, or nothing to talk to",
            "",
            "Example: tandem check a.yaml && sudo tandem run -c a.yaml"
        })
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // its grammar is not picocli's, and people type it all day: nothing else is loaded for it
        System.exit(
                args.length > 0 && args[0].equals("ipvsadm")
                        ? IpvsadmCommand.run(args)
                        : commandLine().execute(args));
    }

    /** The commands, ready to be executed; tests give them their own streams. */
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((e, line, _) -> explain(e, line))
                .setUsageHelpWidth(100);
    }

    private static int explain(Exception e, CommandLine line) {
        PrintWriter err = line.getErr();
        switch (e) {
            case ConfigException config -> config.problems().forEach(err::println);
            case PreflightException host ->
                    host.problems()
                            .forEach(p -> err.println("tandem: " + p.reason() + "; " + p.cure()));
            case NoSuchFileException file ->
                    err.println("tandem: there is no file " + file.getMessage());
            case ApiException _, IOException _ -> err.println("tandem: " + e.getMessage());
            default -> {
                err.println("tandem: this should not have happened; please report it");
                e.printStackTrace(err);
            }
        }
        boolean refused = e instanceof ApiException api && api.status() != 400;
        return refused ? ExitCode.SOFTWARE : ExitCode.USAGE;
    }
}
