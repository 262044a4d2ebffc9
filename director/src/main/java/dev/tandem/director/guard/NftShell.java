package dev.tandem.director.guard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An nft(8) that stays: a child process fed line by line, each line one transaction.
 *
 * <p>It stays because a table with the flag {@code owner} belongs to the netlink socket that made
 * it: nobody else can change it, "flush ruleset" of a reloaded firewall leaves it, and it vanishes
 * with the socket. When this process dies, however it dies, the child finds its input at an end,
 * goes, and takes the table along.
 */
final class NftShell implements AutoCloseable {
    /** What it must know: sets of concatenations, the owner flag. */
    private static final List<String> COMMAND = List.of("nft", "-i");

    /** Names a table that nobody has, so that an error marks the end of a command's answer. */
    private static final String MARK = "tandem_no_such_table_";

    private final Process process;
    private final Writer input;
    private final BufferedReader errors;
    private int sent;

    private NftShell(Process process) {
        this.process = process;
        input = process.outputWriter(StandardCharsets.UTF_8);
        errors =
                new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    }

    /** In the calling thread's network namespace. */
    static NftShell start() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(COMMAND).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("HOME", "/nonexistent"); // no history file
        builder.environment().put("LC_ALL", "C");
        return new NftShell(builder.start());
    }

    /**
     * Has one line carried out, wholly or not at all.
     *
     * @throws IOException with what nft said when it refused, or when it is gone
     */
    void run(String line) throws IOException {
        String mark = MARK + ++sent;
        input.write(line + "\nlist table inet " + mark + "\n");
        input.flush();
        List<String> said = new ArrayList<>();
        while (true) {
            String answer = errors.readLine();
            if (answer == null) {
                throw new IOException("nft ended: " + String.join(" ", said));
            }
            if (answer.contains(mark)) {
                break;
            }
            if (!answer.isBlank() && !answer.strip().matches("[\\^~ ]+")) {
                said.add(answer.strip());
            }
        }
        said.removeLast(); // the mark's own error
        if (!said.isEmpty()) {
            // what follows the first are its consequences, and the commands once more
            throw new IOException("nft refused: " + said.getFirst());
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the child and waits for it, so that the table is gone afterwards. */
    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException _) {
            process.destroy(); // its input is broken already
        }
        try {
            if (!process.waitFor(Duration.ofSeconds(5))) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
