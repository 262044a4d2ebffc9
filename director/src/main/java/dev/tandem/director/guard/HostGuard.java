package dev.tandem.director.guard;

import dev.tandem.director.config.AddressHolder;
import dev.tandem.director.config.DirectorConfig;
import dev.tandem.director.service.ServicesSnapshot;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hides from the host's stack exactly the packets that the director takes, on hosts whose stack
 * would do something about them: those that forward, and those that hold the addresses. A thread of
 * its own, "host-guard", follows the services and the ownership of the addresses. The table lives
 * no longer than this process ({@link NftShell}).
 *
 * <p>Where the director holds the addresses, they are hidden while it owns them; otherwise the host
 * may be on the way to the owner. Where the host holds them, what has a service is always hidden:
 * the host would reset connections that have moved elsewhere.
 */
public final class HostGuard implements AutoCloseable {
    /** Its name among the director's faults. */
    public static final String SOURCE = "host guard";

    private static final Logger LOG = LoggerFactory.getLogger(HostGuard.class);
    private static final AtomicInteger TABLES = new AtomicInteger();
    private static final long LOOK_MS = 50;
    private static final long RETRY_MS = 1000;
    private static final long NEEDED_INTERVAL_NS = 1_000_000_000L;

    private final DirectorConfig config;
    private final Supplier<ServicesSnapshot> services;
    private final BooleanSupplier needed;
    private final BooleanSupplier owning;
    private final Consumer<String> trouble;
    private final GuardTable table;
    private final Semaphore wakeup = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;
    private volatile GuardStatus status = GuardStatus.off("starting", 0);

    /** The thread's from here on. */
    private @Nullable NftShell shell;

    private HiddenPackets hidden = HiddenPackets.NONE;
    private boolean broken;
    private long failures;
    private boolean isNeeded;
    private long askNeededNs = System.nanoTime();
    private boolean seenActive;
    private long seenVersion = -1;

    private HostGuard(
            DirectorConfig config,
            Supplier<ServicesSnapshot> services,
            BooleanSupplier needed,
            BooleanSupplier owning,
            Consumer<String> trouble) {
        this.config = config;
        this.services = services;
        this.needed = needed;
        this.owning = owning;
        this.trouble = trouble;
        table = new GuardTable(tableName(), config.interfaces());
        thread = Thread.ofPlatform().daemon().name("host-guard").unstarted(this::run);
    }

    /** No two of any process are alike. */
    private static String tableName() {
        return "tandem_" + ProcessHandle.current().pid() + "_" + TABLES.incrementAndGet();
    }

    /**
     * Starts to hide, in the calling thread's network namespace. Needs CAP_NET_ADMIN.
     *
     * @param needed whether the host's stack would do anything with the packets now; until it
     *     would, there is no table. Asked once a second
     * @param owning whether the director may do something with its addresses
     * @param trouble told why nothing can be hidden, and an empty string when it can again; on the
     *     guard's thread
     * @throws IOException when nft refuses, with what it said
     */
    public static HostGuard start(
            DirectorConfig config,
            Supplier<ServicesSnapshot> services,
            BooleanSupplier needed,
            BooleanSupplier owning,
            Consumer<String> trouble)
            throws IOException {
        HostGuard guard = new HostGuard(config, services, needed, owning, trouble);
        try {
            guard.settle();
        } catch (IOException e) {
            guard.end();
            throw e;
        }
        guard.thread.start();
        return guard;
    }

    /**
     * Empty when this host's nft and kernel have what a guard needs, else what is missing. Makes
     * the table once and removes it.
     */
    public static String probe() {
        try (NftShell shell = NftShell.start()) {
            GuardTable table = new GuardTable(tableName(), List.of("lo"));
            shell.run(table.create());
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Something changed: looks at once; any thread. */
    public void wake() {
        wakeup.release();
    }

    /** What it hides, or why it does not. */
    public GuardStatus status() {
        return status;
    }

    private void run() {
        while (!closed) {
            try {
                boolean _ = wakeup.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS);
                wakeup.drainPermits();
                if (!closed) {
                    follow();
                }
            } catch (InterruptedException _) {
                break;
            }
        }
        end();
    }

    private void follow() throws InterruptedException {
        try {
            settle();
            if (broken) {
                broken = false;
                trouble.accept("");
            }
        } catch (IOException e) {
            String reason = "the host's stack sees the director's packets: " + e.getMessage();
            LOG.warn("{}", reason);
            failures++;
            status = GuardStatus.off(reason, failures);
            broken = true;
            trouble.accept(reason);
            end();
            boolean _ = wakeup.tryAcquire(RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Brings the table from what it hides to what it shall hide. */
    private void settle() throws IOException {
        long nowNs = System.nanoTime();
        if (nowNs - askNeededNs >= 0) {
            askNeededNs = nowNs + NEEDED_INTERVAL_NS;
            isNeeded = needed.getAsBoolean();
        }
        if (!isNeeded) {
            end();
            status =
                    GuardStatus.off(
                            "off, the host neither forwards nor holds the addresses", failures);
            return;
        }
        NftShell present = shell;
        if (present != null && !present.isAlive()) {
            throw new IOException("nft ended");
        }
        if (present == null) {
            present = NftShell.start();
            shell = present;
            present.run(table.create());
        }
        boolean active = config.addressHolder() == AddressHolder.HOST || owning.getAsBoolean();
        ServicesSnapshot snapshot = services.get();
        if (active == seenActive && snapshot.version() == seenVersion) {
            return;
        }
        HiddenPackets wanted =
                active ? HiddenPackets.of(config, snapshot.services()) : HiddenPackets.NONE;
        for (String line : table.change(hidden, wanted)) {
            present.run(line);
        }
        hidden = wanted;
        seenActive = active;
        seenVersion = snapshot.version();
        status = present(wanted);
    }

    private GuardStatus present(HiddenPackets now) {
        int addresses = now.count(GuardSet.Kind.ADDRESSES);
        int services = now.count(GuardSet.Kind.SERVICES, GuardSet.Kind.WHOLE_SERVICES);
        int servers = now.count(GuardSet.Kind.SERVERS, GuardSet.Kind.WHOLE_SERVERS);
        return new GuardStatus(
                true,
                "on, hides %d addresses, %d services and %d servers' ports from the host"
                        .formatted(addresses, services, servers),
                addresses,
                services,
                servers,
                failures);
    }

    private void end() {
        NftShell present = shell;
        if (present != null) {
            shell = null;
            hidden = HiddenPackets.NONE;
            seenVersion = -1;
            present.close();
        }
    }

    /** Removes the table. */
    @Override
    public void close() {
        closed = true;
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        status = GuardStatus.off("closed", failures);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
