package dev.tandem.sync.table;

import dev.tandem.sync.hardening.HardeningConfig;
import dev.tandem.sync.hardening.SyncKey;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables' TCP port of a node: {@link TableServer} answers peers, {@link TableSeeker} looks for
 * a master. Both run for the node's whole life, in threads of ordinary priority, which wait behind
 * the packet loop's.
 */
public final class TableNode implements TableExchange {
    private static final Logger LOG = LoggerFactory.getLogger(TableNode.class);

    /** Finds the address that is bound to, as it is at the moment. */
    public interface LocalAddress {
        InetAddress find() throws IOException;
    }

    private final TableConfig config;
    private final int syncId;
    private final LocalAddress local;
    private final Queue<TablePipe> askers = new ConcurrentLinkedQueue<>();
    private final Queue<TablePipe> masters = new ConcurrentLinkedQueue<>();
    private final Set<TableConnection> live = ConcurrentHashMap.newKeySet();
    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
    private final TableServer server;
    private final TableSeeker seeker;
    private volatile HardeningConfig hardening;
    private volatile Runnable wakeUp = () -> {};
    private volatile boolean master;
    private volatile boolean closed;

    /**
     * Starts both.
     *
     * @param syncId 0 to 255; a peer must have the same, unless one of both has 0
     */
    public TableNode(
            TableConfig config, int syncId, HardeningConfig hardening, LocalAddress local) {
        this.config = config;
        this.syncId = syncId;
        this.hardening = hardening;
        this.local = local;
        server = new TableServer(this);
        seeker = new TableSeeker(this);
        Thread.ofPlatform().daemon().name("table-server").start(server);
        Thread.ofPlatform().daemon().name("table-seeker").start(seeker);
    }

    TableConfig config() {
        return config;
    }

    InetAddress localAddress() throws IOException {
        return local.find();
    }

    boolean isMaster() {
        return master;
    }

    boolean isClosed() {
        return closed;
    }

    /** Says hello, and agrees on signing. */
    void greet(TableSocket socket, boolean asServer) throws IOException {
        socket.greet(asServer, syncId, hardening);
    }

    TableConnection connection(TableSocket socket) {
        return new TableConnection(socket, wakeUp, this::failed);
    }

    /** Moves its frames in this thread and another, until it ends. */
    void run(TableConnection connection, boolean asServer) throws IOException {
        live.add(connection);
        try {
            connection.socket().bePatient();
            connection.startWriting(asServer ? "table-answers" : "table-questions");
            (asServer ? askers : masters).add(connection.pipe());
            wakeUp.run();
            connection.read();
        } finally {
            live.remove(connection);
        }
    }

    private void failed(TableConnection connection, IOException e) {
        count(e instanceof TableException fault ? fault.fault().name() : "BROKEN");
        LOG.info("table connection with {} ended: {}", connection.pipe().peer(), e.getMessage());
    }

    void count(String what) {
        counters.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }

    /** Closes connections whose other end takes nothing. */
    void closeStalled() {
        long nowNs = System.nanoTime();
        for (TableConnection connection : live) {
            if (connection.socket().isStalled(nowNs)) {
                count("STALLED");
                connection.pipe().close("takes nothing");
            }
        }
    }

    /** Closes what the same peer had open before. */
    void closeOlder(InetAddress peer) {
        for (TableConnection connection : live) {
            if (connection.socket().peer().equals(peer)) {
                connection.pipe().close("it has called again");
            }
        }
    }

    @Override
    public void keys(List<SyncKey> keys) {
        hardening = new HardeningConfig(hardening.mode(), keys);
        closeAll("the keys have changed");
    }

    private void closeAll(String why) {
        for (TableConnection connection : live) {
            connection.pipe().close(why);
        }
    }

    @Override
    public void master(boolean on) {
        master = on;
        askers.clear();
        masters.clear();
        closeAll("the role has changed");
        seeker.restart();
    }

    @Override
    public @Nullable TablePipe nextAsker() {
        return askers.poll();
    }

    @Override
    public @Nullable TablePipe nextMaster() {
        return masters.poll();
    }

    @Override
    public Search search() {
        return seeker.search();
    }

    @Override
    public String trouble() {
        return seeker.trouble();
    }

    @Override
    public void onEvent(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    @Override
    public Map<String, Long> counters() {
        Map<String, Long> counts = new TreeMap<>();
        counters.forEach((what, count) -> counts.put(what, count.sum()));
        return counts;
    }

    @Override
    public void close() {
        closed = true;
        closeAll("this node stops");
        server.close();
        seeker.restart();
    }
}
