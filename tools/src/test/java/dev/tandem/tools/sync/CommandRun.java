package dev.tandem.tools.sync;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * What came of a command line.
 *
 * @param code exit code; -1 when it threw
 */
record CommandRun(int code, String out, String err) {
    /** Runs {@code tandem sync} with these words. */
    static CommandRun of(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                new CommandLine(new SyncCommand())
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .setExecutionExceptionHandler((e, line, _) -> {
                            line.getErr().println(e.getMessage());
                            return -1;
                        })
                        .execute(
                                List.of(words).stream()
                                        .map(Object::toString)
                                        .toArray(String[]::new));
        return new CommandRun(code, out.toString(), err.toString());
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
