package dev.tandem.tools;

import dev.tandem.tools.api.ApiClient;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks the daemon one thing and prints the answer. */
abstract class DaemonCommand<T> implements Callable<Integer> {
    @Mixin private final DaemonOptions daemon = new DaemonOptions();

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec
    private CommandSpec spec;

    /** Asks. */
    abstract T ask(ApiClient client) throws ApiException, IOException;

    /** Prints the answer for people. */
    abstract void print(T answer, PrintWriter out);

    /** The exit code. */
    int code(T answer) {
        return ExitCode.OK;
    }

    /** What is printed as JSON. */
    Object json(T answer) {
        return answer;
    }

    @Override
    public final Integer call() throws ApiException, IOException {
        T answer = ask(daemon.client());
        PrintWriter out = spec.commandLine().getOut();
        if (daemon.json()) {
            out.println(Json.pretty(json(answer)));
        } else {
            print(answer, out);
        }
        out.flush();
        return code(answer);
    }
}
