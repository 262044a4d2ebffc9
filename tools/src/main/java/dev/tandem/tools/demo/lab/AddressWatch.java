package dev.tandem.tools.demo.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Sees from the client's neighbour table who has the virtual address: a witness that does not
 * depend on what the directors say of themselves.
 */
public final class AddressWatch implements AutoCloseable {
    private final Process monitor;
    private final Thread thread;

    private AddressWatch(Namespace client, String mac, LongConsumer listener) throws IOException {
        monitor =
                new ProcessBuilder("ip", "-n", client.name(), "-o", "monitor", "neigh")
                        .redirectErrorStream(true)
                        .start();
        thread =
                Thread.ofPlatform()
                        .name("address watch")
                        .daemon()
                        .start(() -> watch(mac, listener));
    }

    /**
     * Begins to watch.
     *
     * @param mac the link-level address to wait for
     * @param listener called once, on a thread of this, with {@link System#nanoTime} of the moment
     *     when the client's host first knew that the virtual address is there
     */
    public static AddressWatch start(Namespace client, String mac, LongConsumer listener)
            throws IOException {
        return new AddressWatch(client, mac, listener);
    }

    /** Name of the director that the client sends to at present, or a question mark. */
    public static String owner(Namespace client) throws IOException {
        String entry = Commands.run("ip", "-n", client.name(), "neigh", "show", LabPlan.VIRTUAL);
        for (int index = 0; index < 2; index++) {
            if (entry.contains(Lab.outsideMac(index))) {
                return NodeFile.node(index);
            }
        }
        return "?";
    }

    private void watch(String mac, LongConsumer listener) {
        try (var lines = monitor.inputReader(StandardCharsets.UTF_8)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(LabPlan.VIRTUAL + " ") && line.contains(mac)) {
                    listener.accept(System.nanoTime());
                    return;
                }
            }
        } catch (IOException _) {
            // closed while it was reading
        }
    }

    @Override
    public void close() {
        monitor.destroy();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
