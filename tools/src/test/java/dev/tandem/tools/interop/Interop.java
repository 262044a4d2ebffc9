package dev.tandem.tools.interop;

import dev.tandem.tools.demo.lab.Commands;
import dev.tandem.tools.demo.lab.Leftovers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Two kernels and the wires between them and us, made once for all classes of tests. Before each
 * test the kernels' directors are made anew; whatever the test opens it hands to {@link #keep}.
 */
final class Interop implements AutoCloseable {
    /** Ports of the services, on the real servers as well. */
    static final List<Integer> TCP_PORTS = List.of(80, 81, 443, 8080, 8081);

    static final List<Integer> UDP_PORTS = List.of(53, 5060);

    private final Segments segments = new Segments();
    private final Path directory;
    private final List<Guest> guests = new ArrayList<>();
    private final EchoHosts servers;
    private final List<AutoCloseable> opened = new ArrayList<>();

    private Interop() throws IOException {
        Leftovers.removeOrphans(false);
        try {
            segments.build(List.of("a", "b"));
            directory = Leftovers.directory(segments.id());
            guests.add(Guest.start(segments.wire(), directory, "a", 1));
            guests.add(Guest.start(segments.wire(), directory, "b", 2));
            servers = EchoHosts.start(segments, TCP_PORTS, UDP_PORTS);
            for (Guest guest : guests) {
                guest.awaitReady();
            }
        } catch (IOException | RuntimeException e) {
            guests.forEach(Guest::close);
            Leftovers.removeAll(segments.id());
            throw e;
        }
    }

    /** Boots everything. */
    static Interop start() throws IOException {
        return new Interop();
    }

    /** Both kernels as on the first day. */
    void renew() throws Exception {
        both(
                () -> {
                    KernelDirector.renew(guests.getFirst(), 1);
                    return "";
                },
                () -> {
                    KernelDirector.renew(guests.getLast(), 2);
                    return "";
                });
        forgetNeighbours();
    }

    /** What neighbours know of the addresses is of another director. */
    void forgetNeighbours() throws IOException {
        for (var host :
                List.of(
                        segments.client(),
                        segments.server(1),
                        segments.server(2),
                        segments.server(3),
                        segments.tandem(3),
                        segments.tandem(4))) {
            Commands.run("ip", "-n", host.name(), "neighbour", "flush", "all");
        }
    }

    Segments segments() {
        return segments;
    }

    Path directory() {
        return directory;
    }

    List<Guest> guests() {
        return guests;
    }

    /** The kernel's director in guest a. */
    KernelDirector a() {
        return KernelDirector.director(guests.getFirst());
    }

    /** The kernel's director in guest b. */
    KernelDirector b() {
        return KernelDirector.director(guests.getLast());
    }

    /** A kernel that only listens to the sync segment, in guest b. */
    KernelDirector witness() {
        return KernelDirector.witness(guests.getLast());
    }

    Clients clients() {
        return keep(new Clients(segments.client()));
    }

    /** Closed after the test. */
    <T extends AutoCloseable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }

    /** What the test kept, the latest first. */
    List<AutoCloseable> kept() {
        return opened.reversed();
    }

    /** Does two things at once. */
    static <T> List<T> both(Callable<T> one, Callable<T> other) throws Exception {
        var task = new FutureTask<>(one);
        Thread.ofPlatform().daemon().start(task);
        T second = other.call();
        try {
            return List.of(task.get(), second);
        } catch (ExecutionException e) {
            throw new IOException("in parallel: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        servers.close();
        guests.forEach(Guest::close);
        Leftovers.removeAll(segments.id());
    }
}
