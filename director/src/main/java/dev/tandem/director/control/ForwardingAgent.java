package dev.tandem.director.control;

import dev.tandem.director.address.AddressGroup;
import dev.tandem.director.address.GatewayWatch;
import dev.tandem.director.address.Ownership;
import dev.tandem.director.conn.Connections;
import dev.tandem.director.forward.Egress;
import dev.tandem.director.forward.PacketPath;
import dev.tandem.director.io.PacketPort;
import dev.tandem.director.packet.ScratchFrames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The worker's turn: commands, sync messages, packets, ARP and neighbour discovery, timers; each
 * part bounded, so that none holds up the others. One thread calls it for the director's whole
 * life, and everything it touches belongs to that thread.
 *
 * <p>What may be done with the addresses is asked once per turn and holds for the turn: a lease
 * that has run out when a turn begins silences all of it.
 */
final class ForwardingAgent {
    private static final int BATCH = 64;
    private static final int NEIGHBOUR_BATCH = 16;

    private final PacketPort[] ports;
    private final PacketPath path;
    private final Egress egress;
    private final AddressGroup addresses;
    private final @Nullable GatewayWatch gateway;
    private final Ownership ownership;
    private final Connections connections;
    private final @Nullable Replication replication;
    private final LiveSync liveSync;
    private final ScratchFrames scratch;
    private final Listings listings = new Listings();
    private final CommandQueue commands;
    private final long neighbourBuffer;
    private volatile Ownership.State state = Ownership.State.SILENT;
    private long turnBeganNs;

    /**
     * @param neighbourBuffer {@link #NEIGHBOUR_BUFFER_BYTES} of memory
     */
    ForwardingAgent(
            List<? extends PacketPort> ports,
            PacketPath path,
            Egress egress,
            AddressGroup addresses,
            @Nullable GatewayWatch gateway,
            Ownership ownership,
            Connections connections,
            @Nullable Replication replication,
            LiveSync liveSync,
            ScratchFrames scratch,
            CommandQueue commands,
            long neighbourBuffer) {
        this.ports = ports.toArray(PacketPort[]::new);
        this.path = path;
        this.egress = egress;
        this.addresses = addresses;
        this.gateway = gateway;
        this.ownership = ownership;
        this.connections = connections;
        this.replication = replication;
        this.liveSync = liveSync;
        this.scratch = scratch;
        this.commands = commands;
        this.neighbourBuffer = neighbourBuffer;
    }

    /** Room for a frame of ARP or neighbour discovery of the usual MTU. */
    static final int NEIGHBOUR_BUFFER_BYTES = 2048;

    /**
     * One turn.
     *
     * @param nowNs {@link System#nanoTime()}, read just before
     * @return how much was done; 0 lets the worker rest
     */
    int doWork(long nowNs) {
        turnBeganNs = System.nanoTime();
        int work = commands.drain(nowNs);
        settle(nowNs);
        if (replication != null) {
            work += replication.doWork(nowNs);
        }
        work += liveSync.doWork(nowNs);
        work += egress.doWork(nowNs);
        for (PacketPort port : ports) {
            work += receive(port, nowNs);
        }
        for (PacketPort port : ports) {
            work += receiveNeighbours(port, nowNs);
        }
        work += addresses.doWork(nowNs);
        work += gateway == null ? 0 : gateway.doWork(nowNs);
        work += connections.doWork(nowNs);
        work += connections.services().doWork(nowNs);
        return work + listings.doWork(nowNs);
    }

    /** Takes the addresses, or says why not. Called within a turn. */
    void takeAddresses(long nowNs) {
        if (!ownership.isLeased(nowNs)) {
            throw new IllegalStateException("the lease has run out");
        }
        addresses.take(nowNs);
        settle(nowNs);
    }

    /** Gives the addresses up. Called within a turn, or when no turn will come any more. */
    void releaseAddresses(long drainNs, long nowNs) {
        addresses.release(nowNs, drainNs);
        settle(nowNs);
    }

    @Nullable Replication replication() {
        return replication;
    }

    LiveSync liveSync() {
        return liveSync;
    }

    Listings listings() {
        return listings;
    }

    /** What held in the last turn; any thread. */
    Ownership.State state() {
        return state;
    }

    /** Nanoseconds until something is due that no descriptor announces. */
    long waitNs(long nowNs) {
        long wait = Math.min(addresses.waitNs(nowNs), egress.waitNs(nowNs));
        if (gateway != null) {
            wait = Math.min(wait, gateway.waitNs(nowNs));
        }
        return replication == null ? wait : Math.min(wait, replication.waitNs(nowNs));
    }

    /** The sync role and what waits to be sent follow the ownership. */
    private void settle(long nowNs) {
        Ownership.State now = ownership.at(nowNs);
        Ownership.State before = state;
        if (now == before) {
            return;
        }
        state = now;
        if (now == Ownership.State.SILENT) {
            egress.forget();
        }
        if (replication != null) {
            if (now == Ownership.State.OWNING) {
                replication.becomeMaster(nowNs);
            } else if (before == Ownership.State.OWNING) {
                replication.becomeBackup();
            }
        }
    }

    private int receive(PacketPort port, long nowNs) {
        int count = port.receive(BATCH);
        if (count == 0) {
            return 0;
        }
        Ownership.State held = ownership.isLeased(now(nowNs)) ? state : Ownership.State.SILENT;
        try {
            for (int i = 0; i < count; i++) {
                path.handle(port, port.frame(i), port.length(i), held, nowNs);
            }
        } finally {
            // also a frame that broke the path must be given back, or it comes again for ever
            flush();
            port.release(count);
        }
        return count;
    }

    /** The process may have been stopped since the turn began, and its lease have run out. */
    private long now(long turnNs) {
        return turnNs + (System.nanoTime() - turnBeganNs);
    }

    private int receiveNeighbours(PacketPort port, long nowNs) {
        int count = 0;
        int length = port.receiveNeighbour(neighbourBuffer, NEIGHBOUR_BUFFER_BYTES);
        while (length > 0) {
            addresses.onNeighbour(port, neighbourBuffer, length, now(nowNs));
            if (gateway != null) {
                gateway.onNeighbour(port, neighbourBuffer, length);
            }
            count++;
            length =
                    count < NEIGHBOUR_BATCH
                            ? port.receiveNeighbour(neighbourBuffer, NEIGHBOUR_BUFFER_BYTES)
                            : 0;
        }
        if (count > 0) {
            flush();
        }
        return count;
    }

    private void flush() {
        egress.flush();
        scratch.reset();
    }
}
