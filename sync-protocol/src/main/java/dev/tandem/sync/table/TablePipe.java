package dev.tandem.sync.table;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection as the worker sees it: frames come and go through queues of a fixed length, and
 * nothing blocks. A frame is made when it is needed and no other is free, and used again as long as
 * the connection lives: a small table needs few, and what a transfer kept for nothing would lie in
 * the way of the next collection, which stops the packet path. The other ends of the queues belong
 * to the threads that read and write the socket; a peer that is slow, or stalls, keeps its frames
 * and nobody else's.
 */
public final class TablePipe {
    /** Frames on the way in each direction: what is told while a busy host lets a thread wait. */
    private static final int FRAMES = 48;

    private final ArrayBlockingQueue<TableFrame> outFree = new ArrayBlockingQueue<>(FRAMES);
    private final ArrayBlockingQueue<TableFrame> outFull = new ArrayBlockingQueue<>(FRAMES);
    private final ArrayBlockingQueue<TableFrame> inFree = new ArrayBlockingQueue<>(FRAMES);
    private final ArrayBlockingQueue<TableFrame> inFull = new ArrayBlockingQueue<>(FRAMES);
    private final String peer;
    private final Runnable wakeUp;
    private final Consumer<String> onClose;
    private volatile boolean open = true;

    /** Frames made for each direction; confined to the worker, and to the thread that reads. */
    private int outMade;

    private int inMade;

    /**
     * @param peer names it for people
     * @param wakeUp wakes the worker
     * @param onClose told once why the connection ends, by whoever ends it
     */
    public TablePipe(String peer, Runnable wakeUp, Consumer<String> onClose) {
        this.peer = peer;
        this.wakeUp = wakeUp;
        this.onClose = onClose;
    }

    private static TableFrame frame() {
        return new TableFrame(TableFrame.MAX_BODY);
    }

    /** The other end's address. */
    public String peer() {
        return peer;
    }

    /** A frame to write into and {@link #send}, or null when all are on their way. */
    public @Nullable TableFrame claim() {
        TableFrame free = outFree.poll();
        if (free == null && outMade < FRAMES) {
            outMade++;
            free = frame();
        }
        return free;
    }

    /** Gives a claimed frame back unused. */
    public void unclaim(TableFrame frame) {
        outFree.add(frame);
    }

    /** Hands over a claimed frame. */
    public void send(TableFrame frame) {
        outFull.add(frame);
    }

    /** The next frame that arrived, to be {@link #release}d, or null. */
    public @Nullable TableFrame receive() {
        return inFull.poll();
    }

    /** Gives a received frame back. */
    public void release(TableFrame frame) {
        inFree.add(frame);
    }

    public boolean isOpen() {
        return open;
    }

    /** Ends the connection; nothing happens when it has ended. */
    public void close(String why) {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
        }
        onClose.accept(why);
        wakeUp.run();
    }

    /** For the thread that writes: the next frame to send, or null when none came in time. */
    public @Nullable TableFrame takeSent(long ms) throws InterruptedException {
        return outFull.poll(ms, TimeUnit.MILLISECONDS);
    }

    /** For the thread that writes: a frame was sent. */
    public void sent(TableFrame frame) {
        outFree.add(frame);
        wakeUp.run();
    }

    /** For the thread that reads: a frame to read into, or null when none became free in time. */
    public @Nullable TableFrame takeFree(long ms) throws InterruptedException {
        TableFrame free = freeOrMade();
        return free == null ? inFree.poll(ms, TimeUnit.MILLISECONDS) : free;
    }

    private @Nullable TableFrame freeOrMade() {
        TableFrame free = inFree.poll();
        if (free == null && inMade < FRAMES) {
            inMade++;
            free = frame();
        }
        return free;
    }

    /** For the thread that reads: a frame was read. */
    public void arrived(TableFrame frame) {
        inFull.add(frame);
        wakeUp.run();
    }

    /**
     * What a connection does, in memory: the next frame that was sent here arrives there. For
     * rehearsals and tests.
     *
     * @return false when none was sent, or there is no room
     */
    public boolean carry(TablePipe there) {
        TableFrame sent = outFull.peek();
        TableFrame free = sent == null ? null : there.freeOrMade();
        if (sent == null || free == null) {
            return false;
        }
        free.begin(sent.kind()).body().put(sent.body()).flip();
        free.position(sent.position());
        outFull.remove();
        sent(sent);
        there.arrived(free);
        return true;
    }
}
