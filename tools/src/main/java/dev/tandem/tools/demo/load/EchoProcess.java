package dev.tandem.tools.demo.load;

import dev.tandem.tools.demo.lab.JavaCommand;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import dev.tandem.tools.demo.lab.Namespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The real servers as a process of their own: a connection then takes one open file of each
 * process, and the pauses of one end are not those of the other. Used by one thread.
 */
public final class EchoProcess implements AutoCloseable {
    private static final String READY = "ready";

    private final Process process;
    private final BufferedReader answers;

    private EchoProcess(Process process) {
        this.process = process;
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** What all servers have seen, since the last count. */
    public record Count(long bytesVerified, int corrupt) {}

    /** Starts one server on each of the lab's servers, at a port of TCP and UDP. */
    public static EchoProcess start(Lab lab, int port) throws IOException {
        var words = new ArrayList<>(List.of(Integer.toString(port)));
        for (int number = 1; number <= LabPlan.SERVERS; number++) {
            words.add(lab.server(number).name());
            words.add(lab.plan().serverBind(number));
        }
        List<String> command =
                JavaCommand.in(
                        lab.server(1), EchoProcess.class.getName(), words.toArray(String[]::new));
        var servers =
                new EchoProcess(
                        new ProcessBuilder(command)
                                .redirectError(lab.directory().resolve("servers.log").toFile())
                                .start());
        if (!READY.equals(servers.answers.readLine())) {
            servers.close();
            throw new IOException(
                    "the servers did not start, see " + lab.directory().resolve("servers.log"));
        }
        return servers;
    }

    /** Asks the servers what they have seen. */
    public Count count() throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append("count\n").flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the servers have ended");
        }
        String[] numbers = line.split(" ", -1);
        return new Count(Long.parseLong(numbers[0]), Integer.parseInt(numbers[1]));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The process itself. It ends when whoever started it does.
     *
     * @param args the port, then of each server its namespace and the address to bind to
     */
    public static void main(String[] args) throws IOException {
        var servers = new ArrayList<EchoServer>();
        for (int i = 1; i + 1 < args.length; i += 2) {
            var bind = new InetSocketAddress(args[i + 1], Integer.parseInt(args[0]));
            servers.add(EchoServer.start(new Namespace(args[i]), servers.size() + 1, bind));
        }
        System.out.println(READY);
        var questions =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        long bytes = 0;
        int corrupt = 0;
        while (questions.readLine() != null) {
            long allBytes = servers.stream().mapToLong(EchoServer::bytesVerified).sum();
            int allCorrupt = servers.stream().mapToInt(EchoServer::corrupt).sum();
            System.out.println((allBytes - bytes) + " " + (allCorrupt - corrupt));
            bytes = allBytes;
            corrupt = allCorrupt;
        }
        servers.forEach(EchoServer::close);
    }
}
