package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Checks;
import dev.tandem.tools.api.FailoverRequest;
import dev.tandem.tools.api.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tandem failover}. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        subcommands = HistoryCommand.class,
        description = {
            "Move the virtual addresses, and wait until that is over.",
            "Role pair: to another node. First it is looked whether that is BACKUP, synced, not behind"
                    + " and has the same services; otherwise it is refused, with all reasons. Then the"
                    + " master sends what its peer lacks, falls silent, and grants the addresses; the"
                    + " report has what both nodes say before and after.",
            "Role manual: --take or --release them here; nothing happens when that is so already."
        },
        footer = {
            "",
            "Example: tandem failover --to b --dry-run && tandem failover --to b",
            "         tandem failover --take --cluster web   (keepalived: notify_master)"
        })
final class FailoverCommand extends DaemonCommand<FailoverCommand.Answer> {
    @Mixin private final ClusterOption cluster = new ClusterOption();

    @ArgGroup private @Nullable What what;

    @Option(
            names = "--force",
            description =
                    "With --take: even when somebody answers for the addresses. Else: even when the"
                            + " target is not synced, is behind or has other services.")
    private boolean force;

    @Option(
            names = "--dry-run",
            description =
                    "Say what is looked at before a move, and what is found; do nothing. Exit code 1"
                            + " when it would be refused.")
    private boolean dryRun;

    /** One of the two. */
    record Answer(@Nullable Report report, @Nullable Checks checks) {}

    /** What is asked for; one of them. */
    private static final class What {
        @Option(
                names = "--to",
                paramLabel = "NODE",
                description = "Who shall be master (default: the readiest backup).")
        private @Nullable String to;

        @Option(
                names = "--take",
                description = "This node takes the addresses, unless somebody answers for them.")
        private boolean take;

        @Option(
                names = "--release",
                description = "This node sends what its peers lack and releases the addresses.")
        private boolean release;
    }

    @Override
    Answer ask(ApiClient client) throws ApiException, IOException {
        What asked = what == null ? new What() : what;
        var request =
                new FailoverRequest(
                        cluster.name(), asked.to, asked.take, asked.release, force, dryRun);
        return dryRun
                ? new Answer(null, client.check(request))
                : new Answer(client.failover(request), null);
    }

    @Override
    void print(Answer answer, PrintWriter out) {
        Checks checks = answer.checks();
        if (checks != null) {
            print(checks, out);
        } else {
            ReportText.print(Objects.requireNonNull(answer.report()), out);
        }
    }

    private static void print(Checks checks, PrintWriter out) {
        for (Checks.Check each : checks.checks()) {
            String verdict = each.passed() ? "good" : each.forcible() ? "bad" : "BAD";
            out.printf("%-4s  %-9s %s%n", verdict, each.name(), each.found());
        }
        String move =
                "%s -> %s"
                        .formatted(
                                checks.from().isEmpty() ? "(nobody)" : checks.from(),
                                checks.to().isEmpty() ? "(nobody)" : checks.to());
        out.printf(
                "%s would %s; nothing was done%n",
                move, checks.passed() ? "be done" : "be refused");
    }

    @Override
    Object json(Answer answer) {
        Checks checks = answer.checks();
        return checks != null ? checks : Objects.requireNonNull(answer.report());
    }

    @Override
    int code(Answer answer) {
        Checks checks = answer.checks();
        return checks == null || checks.passed() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
