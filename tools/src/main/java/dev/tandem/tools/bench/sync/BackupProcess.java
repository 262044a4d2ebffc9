package dev.tandem.tools.bench.sync;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.tools.demo.lab.JavaCommand;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The handle of a {@link Backup}. */
final class BackupProcess implements AutoCloseable {
    private final ObjectMapper json = new ObjectMapper();
    private final Process process;
    private final Path log;
    private final Writer in;
    private final BufferedReader out;

    private BackupProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        in = process.outputWriter(StandardCharsets.UTF_8);
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts one, and returns when it listens. */
    static BackupProcess start(Namespace host, Path config, Path stamps, int count, Path log)
            throws IOException {
        List<String> command =
                JavaCommand.in(host, Backup.class.getName(), config + "", stamps + "", count + "");
        var backup =
                new BackupProcess(
                        new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
        try {
            if (!Backup.READY.equals(backup.out.readLine())) {
                throw new IOException("the backup did not start: " + Files.readString(log));
            }
            return backup;
        } catch (IOException e) {
            backup.close();
            throw e;
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** What it has counted so far. */
    Counts counts() throws IOException {
        in.write("\n");
        in.flush();
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the backup ended: " + Files.readString(log));
        }
        return json.readValue(line, Counts.class);
    }

    @Override
    public void close() {
        try {
            in.close();
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException _) {
            process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
