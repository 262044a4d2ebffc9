package dev.tandem.tools.demo.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs a tool of the system and waits for it; a failure says what the tool said. */
public final class Commands {
    private Commands() {}

    /**
     * Runs a command to its end.
     *
     * @return what the command printed
     * @throws IOException when it is not installed or does not return 0
     */
    public static String run(String... command) throws IOException {
        return run(List.of(command), "");
    }

    /** The same, with text for its standard input. */
    public static String run(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(
                        "%s: returned %d: %s".formatted(String.join(" ", command), status, output));
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + command.getFirst(), e);
        }
        return output;
    }

    /** Whether a program is in one of the directories where Debian puts them. */
    public static boolean installed(String program) {
        return List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin").stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
