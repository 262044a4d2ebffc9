package dev.tandem.tools.cli;

import dev.tandem.tools.api.Json;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What a command says on the way, and its result for people or for programs. */
public final class ResultOutput {
    @Option(names = "--json", description = "Print the result as JSON")
    private boolean json;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec(Target.MIXEE)
    private CommandSpec command;

    /** Whether the standard output is for the result alone, as JSON. */
    public boolean json() {
        return json;
    }

    /** Says on the error output what happens now. */
    public void progress(String what) {
        PrintWriter err = command.commandLine().getErr();
        err.println(command.qualifiedName() + ": " + what);
        err.flush();
    }

    /**
     * Prints the result.
     *
     * @param result as JSON, on one line
     * @param text prints it for people
     */
    public void print(Object result, Consumer<PrintWriter> text) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(Json.text(result));
        } else {
            text.accept(out);
        }
        out.flush();
    }
}
