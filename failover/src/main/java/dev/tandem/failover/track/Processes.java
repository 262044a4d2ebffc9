package dev.tandem.failover.track;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.failover.config.Check;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks for processes in /proc. A zombie does not count: it does nothing any more. */
final class Processes {
    private static final Path PROC = Path.of("/proc");

    /** TASK_COMM_LEN of linux/sched.h without the NUL at its end. */
    private static final int COMM_BYTES = 15;

    private Processes() {}

    /** Empty when it runs. */
    static String trouble(Check.Running process) {
        Path file = process.pidFile();
        return file == null ? byName(process.process()) : byFile(file);
    }

    private static String byName(String name) {
        byte[] bytes = name.getBytes(UTF_8);
        String wanted = new String(bytes, 0, Math.min(bytes.length, COMM_BYTES), ISO_8859_1);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path each : all) {
                if (comm(each).filter(wanted::equals).isPresent()) {
                    return "";
                }
            }
            return "does not run";
        } catch (IOException e) {
            return "cannot be looked for: " + e.getMessage();
        }
    }

    private static String byFile(Path file) {
        String first;
        try {
            first = Files.readString(file, ISO_8859_1).strip().lines().findFirst().orElse("");
        } catch (IOException e) {
            return "is not known: the file cannot be read (" + e.getClass().getSimpleName() + ")";
        }
        if (!first.matches("[1-9][0-9]{0,9}")) {
            return "is not known: the file holds no process id";
        }
        return comm(PROC.resolve(first)).isPresent() ? "" : "does not run: there is no " + first;
    }

    /** Its name; empty when there is no such process or it has ended. */
    private static Optional<String> comm(Path directory) {
        try {
            String stat = Files.readString(directory.resolve("stat"), ISO_8859_1);
            // proc_pid_stat(5): pid (comm) state ...; the name may hold brackets itself
            int end = stat.lastIndexOf(')');
            char state = stat.charAt(end + 2);
            return state == 'Z' || state == 'X'
                    ? Optional.empty()
                    : Optional.of(stat.substring(stat.indexOf('(') + 1, end));
        } catch (IOException | IndexOutOfBoundsException _) {
            return Optional.empty();
        }
    }
}
