package dev.tandem.tools.demo;

import dev.tandem.director.config.Transport;
import dev.tandem.tools.api.ApiException;
import dev.tandem.tools.api.Status;
import dev.tandem.tools.demo.lab.DirectorProcess;
import dev.tandem.tools.demo.lab.Lab;
import dev.tandem.tools.demo.lab.LabPlan;
import dev.tandem.tools.demo.lab.Leftovers;
import dev.tandem.tools.demo.lab.OwnerWatch;
import dev.tandem.tools.demo.lab.Pair;
import dev.tandem.tools.demo.load.EchoProcess;
import dev.tandem.tools.demo.load.Load;
import dev.tandem.tools.demo.load.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lab with all that plays in it: a pair, connections through it, and those who watch. {@link
 * #open} is called once, on one thread; {@link #close} on any, also while it opens.
 */
public final class Scene implements AutoCloseable {
    private static final int PORT = 7000;

    /** What the lab offers. */
    public static final List<LabPlan.Service> SERVICES =
            List.of(
                    new LabPlan.Service(Transport.TCP, PORT),
                    new LabPlan.Service(Transport.UDP, PORT));

    /** So long after a failover a master that merely falls silent is not replaced. */
    public static final Duration HOLD_DOWN = Duration.ofSeconds(10);

    private static final Duration MASTER = Duration.ofSeconds(5);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration CONNECT_THOUSAND = Duration.ofSeconds(2);
    private static final Duration REPLICATE = Duration.ofSeconds(10);
    private static final int LEAST_MESSAGES = 4;

    private final Lab lab;
    private final int connections;
    private final Progress progress;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private @Nullable Pair pair;
    private @Nullable Load load;
    private @Nullable Probe probe;
    private @Nullable OwnerWatch owners;
    private @Nullable EchoProcess servers;
    private boolean keep;
    private volatile boolean closed;

    public Scene(LabPlan plan, int connections, Progress progress) {
        lab = new Lab(plan);
        this.connections = connections;
        this.progress = progress;
    }

    /** What happens in a scene. */
    public interface Play<T> {
        T run() throws DemoFailure, IOException, ApiException, InterruptedException;
    }

    /**
     * Opens the scene and lets something happen in it.
     *
     * @throws DemoFailure when it could not be played to its end; the files of the run stay then,
     *     for their logs
     * @throws InterruptedException when it was closed meanwhile
     */
    public <T> T play(Play<T> play) throws DemoFailure, InterruptedException {
        try {
            open();
            return play.run();
        } catch (DemoFailure | IOException | ApiException e) {
            if (closed) {
                throw new InterruptedException("the run was ended");
            }
            throw new DemoFailure(e.getMessage() + whereItsFilesAre());
        }
    }

    private String whereItsFilesAre() {
        try {
            lab.leaveFiles();
            return "%nThe files and logs of this run are in %s; tandem demo --clean removes them."
                    .formatted(lab.directory());
        } catch (IOException _) {
            return "";
        }
    }

    /**
     * Builds and starts everything, until every connection is established and the backup knows it.
     */
    private void open() throws DemoFailure, IOException, InterruptedException {
        for (String orphan : Leftovers.removeOrphans(false)) {
            progress.say("removed what run %s had left behind".formatted(orphan));
        }
        progress.say("laying the wires: a client, two directors, three servers");
        lab.build();
        pair = opened(Pair.start(lab));
        progress.say("starting the directors, each a process of its own");
        servers = opened(EchoProcess.start(lab, PORT));
        pair().awaitReady();
        DirectorProcess master = master();
        DirectorProcess backup = pair().peerOf(master);
        progress.say(
                "%s is master (pid %d), %s its backup (pid %d); connecting %d clients"
                        .formatted(
                                master.node(),
                                master.pid(),
                                backup.node(),
                                backup.pid(),
                                connections));
        var service = new InetSocketAddress(LabPlan.VIRTUAL, PORT);
        owners = opened(OwnerWatch.start(lab.client()));
        load = opened(Load.start(lab.client(), service, connections));
        awaitTraffic();
        probe = opened(Probe.start(lab.client(), service));
        awaitReady();
    }

    public Lab lab() {
        return lab;
    }

    public Pair pair() {
        return Objects.requireNonNull(pair);
    }

    public Load load() {
        return Objects.requireNonNull(load);
    }

    public Probe probe() {
        return Objects.requireNonNull(probe);
    }

    public OwnerWatch owners() {
        return Objects.requireNonNull(owners);
    }

    public EchoProcess servers() {
        return Objects.requireNonNull(servers);
    }

    /** The director that says it is master; one that is fenced for a moment is waited for. */
    public DirectorProcess master() throws DemoFailure, InterruptedException {
        long deadlineNs = System.nanoTime() + MASTER.toNanos();
        Optional<DirectorProcess> master = pair().master();
        while (master.isEmpty() && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(10);
            master = pair().master();
        }
        return master.orElseThrow(() -> new DemoFailure("no master\n" + pair().logs()));
    }

    /** Connections that are not lost. */
    public int usable() {
        return connections - load().progress().lost();
    }

    /** Waits until one is master, the other its backup, and the backup knows every connection. */
    public void awaitReady() throws DemoFailure, IOException, InterruptedException {
        pair().awaitReady();
        DirectorProcess backup = pair().peerOf(master());
        if (lab.plan().sync() && !await(REPLICATE, () -> known(backup) >= usable())) {
            throw new DemoFailure(
                    "%s knows only %d of %d connections after %d s%n%s"
                            .formatted(
                                    backup.node(),
                                    known(backup),
                                    usable(),
                                    REPLICATE.toSeconds(),
                                    pair().logs()));
        }
    }

    private static int known(DirectorProcess director) {
        return director.status().map(Status::connections).orElse(0);
    }

    private void awaitTraffic() throws DemoFailure, InterruptedException {
        Duration patience = CONNECT.plus(CONNECT_THOUSAND.multipliedBy(connections / 1000));
        if (!await(
                patience,
                () -> load().progress().established() + load().progress().lost() >= connections)) {
            throw new DemoFailure(
                    "only %d of %d connections were established within %d s%n%s"
                            .formatted(
                                    load().progress().established(),
                                    connections,
                                    patience.toSeconds(),
                                    pair().logs()));
        }
        progress.say(
                "%d connections, each sends 64 bytes every %d ms and has every echo verified"
                        .formatted(
                                load().progress().established(), load().intervalNs() / 1_000_000));
        Duration answered = CONNECT.plusNanos(LEAST_MESSAGES * load().intervalNs());
        if (!await(answered, () -> load().progress().leastAnswered() >= LEAST_MESSAGES)) {
            throw new DemoFailure("the connections are not answered\n" + pair().logs());
        }
        if (load().progress().lost() > 0) {
            throw new DemoFailure(
                    "%d connections were lost before any fault%n%s"
                            .formatted(load().progress().lost(), pair().logs()));
        }
    }

    /** Whether something comes true in time; looks each 10 ms. */
    public static boolean await(Duration time, BooleanSupplier condition)
            throws InterruptedException {
        long deadlineNs = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                return false;
            }
            Thread.sleep(10);
        }
        return true;
    }

    /** Makes {@link #close} leave the lab and the pair as they are. */
    public synchronized void leave() throws IOException {
        lab.leave();
        keep = true;
    }

    private synchronized <T extends AutoCloseable> T opened(T resource) throws IOException {
        if (closed) {
            closeQuietly(resource);
            throw new IOException("closed while it opened");
        }
        opened.add(resource);
        return resource;
    }

    /** Ends everything and removes the lab, unless it is to be left. */
    @Override
    public synchronized void close() {
        closed = true;
        for (AutoCloseable resource : opened.reversed()) {
            if (!(keep && resource instanceof Pair)) {
                closeQuietly(resource);
            }
        }
        opened.clear();
        lab.close();
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            System.err.println("tandem: at the end of the run: " + e);
        }
    }
}
