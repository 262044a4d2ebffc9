package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.api.Why;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tandem why}. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description = {
            "Say why this node is master or not, why it is ready to take over or not, who votes for"
                    + " whom, and what would happen if the master died now."
        },
        footer = {"", "Example: tandem why", "         tandem why --json | jq -r .heir"})
final class WhyCommand extends DaemonCommand<Why> {
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "Which cluster; needed only where the node is in several.")
    private String cluster = "";

    @Override
    Why ask(ApiClient client) throws ApiException, IOException {
        return client.why(cluster);
    }

    @Override
    void print(Why why, PrintWriter out) {
        out.printf(
                "%s of %s is %s in epoch %d%n",
                why.node(), why.cluster(), why.state(), why.epoch());
        line(out, "because", why.reason());
        line(out, "master", why.master().isEmpty() ? "none known" : why.master());
        line(out, "not master", why.whyNotMaster());
        line(out, "ready", why.whyNotReady().isEmpty() ? "yes" : "no: " + why.whyNotReady());
        line(out, "priority", why.priority() == 0 ? "" : "" + why.priority());
        for (Status.Tracked each : why.tracked()) {
            line(out, "tracked", tracked(each));
        }
        for (Why.Vote vote : why.votes()) {
            line(out, "vote", vote(vote));
        }
        line(out, "gateway", why.gateway());
        line(out, "if master", why.ifMasterDied());
    }

    private static String tracked(Status.Tracked each) {
        String what = each.weight() == 0 ? "a fault" : "adds " + each.adds();
        return switch (each.state()) {
            case "GOOD" -> each.name() + " is good" + (each.weight() == 0 ? "" : ", " + what);
            case "UNKNOWN" -> each.name() + " " + each.reason();
            default -> each.name() + " " + each.reason() + ": " + what;
        };
    }

    private static String vote(Why.Vote vote) {
        String heard = vote.heardMs() == 0 ? "" : ", heard " + vote.heardMs() + " ms ago";
        return vote.heardMs() < 0
                ? vote.node() + " was never heard"
                : vote.votesFor().isEmpty()
                        ? vote.node() + " votes for nobody" + heard
                        : "%s votes for %s in epoch %d%s"
                                .formatted(vote.node(), vote.votesFor(), vote.epoch(), heard);
    }

    private static void line(PrintWriter out, String title, String text) {
        if (!text.isEmpty()) {
            out.printf("  %-10s %s%n", title, text);
        }
    }
}
