package dev.tandem.tools.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where a command that plays a scene puts its words, its result and its failure. */
public final class SceneOutput {
    private static final String STANDARD_OUTPUT = "-";

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the result there as JSON; - for the standard output alone")
    private @Nullable Path file;

    @SuppressWarnings("NullAway") // picocli sets it
    @Spec(Target.MIXEE)
    private CommandSpec command;

    /** What the command does, with a place for its words; gives the exit code. */
    public interface Play {
        int run(PrintWriter out) throws DemoFailure, IOException, InterruptedException;
    }

    /** Does it; when it could not be done, says why, and the exit code is 2. */
    public int run(Play play) {
        PrintWriter err = command.commandLine().getErr();
        PrintWriter out = isForPrograms(file) ? err : command.commandLine().getOut();
        try {
            return play.run(out);
        } catch (DemoFailure | IOException e) {
            err.println(command.qualifiedName() + ": " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            out.flush();
            err.flush();
        }
        return ExitCode.USAGE;
    }

    /** Writes the result for programs, if that is wanted. */
    public void write(Object result) throws IOException {
        if (file == null) {
            return;
        }
        byte[] json = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(result);
        if (isForPrograms(file)) {
            System.out.write(json);
            System.out.println();
        } else {
            Files.write(file, json);
        }
    }

    private static boolean isForPrograms(@Nullable Path file) {
        return file != null && file.toString().equals(STANDARD_OUTPUT);
    }
}
