package dev.tandem.director.testing;

import dev.tandem.sync.hardening.SyncKey;
import dev.tandem.sync.table.FrameKind;
import dev.tandem.sync.table.TableExchange;
import dev.tandem.sync.table.TableFrame;
import dev.tandem.sync.table.TablePipe;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Two nodes' table exchanges, joined in memory; whoever uses them moves the frames. */
public final class MemoryTables {
    /** The two ends. */
    public final End one = new End();

    public final End other = new End();

    private @Nullable TablePipe asking;
    private @Nullable TablePipe answering;
    private boolean cut;

    /** Breaks the connection, and lets none be made while it holds. */
    public void cut(boolean on) {
        cut = on;
        if (on) {
            disconnect();
        }
    }

    private void disconnect() {
        if (asking != null && answering != null) {
            asking.close("cut");
            answering.close("cut");
        }
        asking = null;
        answering = null;
    }

    /** Connects a backup with a master, and moves up to so many frames each way. */
    public void move(int frames) {
        if (asking != null && answering != null && !(asking.isOpen() && answering.isOpen())) {
            disconnect();
        }
        connect();
        if (asking != null && answering != null) {
            for (int i = 0; i < frames; i++) {
                boolean _ = asking.carry(answering);
                boolean _ = answering.carry(asking);
            }
        }
    }

    private void connect() {
        if (cut || asking != null || one.master == other.master) {
            return;
        }
        End backup = one.master ? other : one;
        End master = one.master ? one : other;
        TablePipe from = new TablePipe("master", () -> {}, _ -> {});
        TablePipe to = new TablePipe("backup", () -> {}, _ -> {});
        asking = from;
        answering = to;
        from.send(empty(from));
        master.askers.add(to);
        backup.masters.add(from);
    }

    private static TableFrame empty(TablePipe pipe) {
        TableFrame frame = pipe.claim();
        if (frame == null) {
            throw new AssertionError("a new pipe has no free frame");
        }
        frame.begin(FrameKind.ASK_DIGESTS).body().flip();
        return frame;
    }

    /** One node's view. */
    public final class End implements TableExchange {
        private final Queue<TablePipe> askers = new ArrayDeque<>();
        private final Queue<TablePipe> masters = new ArrayDeque<>();
        private boolean master;

        @Override
        public void master(boolean on) {
            master = on;
            askers.clear();
            masters.clear();
            disconnect();
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
            if (cut) {
                return Search.LOOKING;
            }
            return one.master || other.master ? Search.FOUND : Search.NOBODY;
        }

        @Override
        public String trouble() {
            return "";
        }

        @Override
        public void onEvent(Runnable wakeUp) {}

        @Override
        public void keys(List<SyncKey> keys) {}

        @Override
        public Map<String, Long> counters() {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
