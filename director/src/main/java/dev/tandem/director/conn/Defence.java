package dev.tandem.director.conn;

import dev.tandem.director.config.DirectorSettings;
import dev.tandem.director.config.LiveSettings;
import dev.tandem.director.config.Setting;
import dev.tandem.director.io.Tally;
import dev.tandem.sync.wire.IpProtocol;
import dev.tandem.sync.wire.SyncState;

/**
 * What a director does against floods of connections: the kernel's three strategies and their modes
 * (net/netfilter/ipvs/ip_vs_ctl.c, update_defense_level; ip_vs_conn.c, ip_vs_random_dropentry and
 * todrop_entry; include/net/ip_vs.h, ip_vs_todrop). Worker thread only, but for the numbers.
 *
 * <pre>
 *   mode   memory low         memory not low
 *    0     off                off
 *    1     on, becomes 2      off
 *    2     on                 off, becomes 1
 *    3     on                 on
 * </pre>
 *
 * <p><b>Memory.</b> The kernel looks at the host's free pages. What a flood fills here is the
 * connection table, so free memory is its free cells: low is less than {@code amemthresh} pages of
 * 64 cells, but never more than a quarter of the table, or a small one would always be low.
 *
 * <p><b>drop_entry</b> looks at a 32nd of the table each second, in small pieces from turn to turn,
 * always going on where it was, so that each entry has its turn (the kernel draws places at
 * random). When the table is full it looks at once at a few more, to make room for the newcomer.
 *
 * <p><b>drop_packet</b> drops one of so many new connections; the first one too in mode 3, as in
 * the kernel.
 */
public final class Defence {
    /** Cells of 64 bytes in a page of 4096. */
    static final int CELLS_PER_PAGE = 64;

    /** Slots looked at in one turn, some ten microseconds' worth. */
    static final int SLOTS_PER_TURN = 512;

    /** Slots looked at to make room for one connection. */
    static final int SLOTS_FOR_ROOM = 128;

    /** Which part of the table is looked at each second. */
    private static final int SECONDS_PER_ROUND = 32;

    /**
     * Cells that a connection may need: itself, IPv6 addresses, details, its template's details.
     */
    private static final int CELLS_FOR_ROOM = 4;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long IDLE_NS = 60 * SECOND_NS;
    private static final int BUSY_PACKETS = 8;
    private static final int ON = 2;
    private static final int ALWAYS = 3;

    private final ConnectionTable table;
    private final EntryLife life;
    private final EntryMachine machine;
    private final LiveSettings settings;

    /** By packets from the client: how many such candidates are kept before the next is dropped. */
    private final int[] countdowns = new int[BUSY_PACKETS + 1];

    private final Tally droppedEntries = new Tally();
    private final Tally droppedPackets = new Tally();
    private DirectorSettings judged;
    private long judgedNs;
    private boolean started;
    private int entryMode;
    private int packetMode;
    private int tcpMode;
    private int rate;
    private int countdown;
    private int cursor;
    private long scannedNs;
    private volatile DefenceLevel level = DefenceLevel.OFF;

    Defence(ConnectionTable table, EntryLife life, EntryMachine machine, LiveSettings settings) {
        this.table = table;
        this.life = life;
        this.machine = machine;
        this.settings = settings;
        this.judged = settings.now();
    }

    /** What is on at the moment; any thread. */
    public DefenceLevel level() {
        return level;
    }

    /** Entries that drop_entry has removed; any thread. */
    public long droppedEntries() {
        return droppedEntries.get();
    }

    /** New connections that drop_packet has refused; any thread. */
    public long droppedPackets() {
        return droppedPackets.get();
    }

    /**
     * Judges anew once a second and after each change of settings, and goes on with drop_entry.
     *
     * @return above 0 when there is more to do at once
     */
    int doWork(long nowNs) {
        DirectorSettings now = settings.now();
        if (!started || !now.equals(judged) || nowNs - judgedNs >= SECOND_NS) {
            if (!started || entryMode < ON) {
                scannedNs = nowNs;
            }
            started = true;
            judge(now);
            judgedNs = nowNs;
        }
        return entryMode >= ON ? scan(nowNs) : 0;
    }

    private void judge(DirectorSettings now) {
        long free = (long) table.limit() - table.cells();
        long threshold =
                Math.min((long) now.get(Setting.AMEMTHRESH) * CELLS_PER_PAGE, table.limit() / 4);
        boolean low = free < threshold;
        entryMode = mode(now.get(Setting.DROP_ENTRY), low);
        packetMode = mode(now.get(Setting.DROP_PACKET), low);
        tcpMode = mode(now.get(Setting.SECURE_TCP), low);
        if (packetMode == ALWAYS) {
            rate = now.get(Setting.AM_DROPRATE);
        } else if (packetMode == ON) {
            rate = (int) Math.min(threshold / (threshold - free), Integer.MAX_VALUE);
            countdown = rate;
        } else {
            rate = 0;
        }
        machine.secure(tcpMode >= ON);
        judged = now;
        DefenceLevel shown = level;
        if (shown.memoryLow() != low
                || shown.dropEntry() != entryMode
                || shown.dropPacket() != packetMode
                || shown.secureTcp() != tcpMode
                || shown.dropRate() != rate) {
            level = new DefenceLevel(low, entryMode, packetMode, tcpMode, rate);
        }
    }

    private static int mode(int set, boolean low) {
        return switch (set) {
            case 0, ALWAYS -> set;
            default -> low ? ON : 1;
        };
    }

    /** Whether a new connection is to be sacrificed. */
    boolean dropsPacket() {
        if (rate == 0 || --countdown > 0) {
            return false;
        }
        countdown = rate;
        droppedPackets.add(1);
        return true;
    }

    /**
     * The table is full: forgets what drop_entry would, as far as it finds such a thing near by.
     *
     * @param spared an entry that stays in any case, or NONE
     * @return whether there is room now
     */
    boolean makesRoom(long spared, long nowNs) {
        if (entryMode < ON) {
            return false;
        }
        for (int i = 0; i < SLOTS_FOR_ROOM && table.limit() - table.cells() < CELLS_FOR_ROOM; i++) {
            look(spared, nowNs);
        }
        return table.cells() < table.limit();
    }

    private int scan(long nowNs) {
        int slots = table.slotCount();
        long elapsedNs = Math.min(nowNs - scannedNs, SECOND_NS);
        long due = slots * elapsedNs / (SECONDS_PER_ROUND * SECOND_NS);
        if (due <= 0) {
            return 0;
        }
        int visits = (int) Math.min(due, SLOTS_PER_TURN);
        scannedNs = nowNs - elapsedNs + visits * (SECONDS_PER_ROUND * SECOND_NS) / slots;
        lookAt(visits, nowNs);
        return due > visits ? 1 : 0;
    }

    /** Looks at the next so many slots. */
    void lookAt(int visits, long nowNs) {
        for (int i = 0; i < visits; i++) {
            look(ConnectionTable.NONE, nowNs);
        }
    }

    private void look(long spared, long nowNs) {
        if (++cursor >= table.slotCount()) {
            cursor = 0;
        }
        long entry = table.entryAt(cursor);
        if (entry != ConnectionTable.NONE
                && entry != spared
                && EntryDetails.children(entry) == 0
                && isExpendable(entry, nowNs)) {
            life.forget(entry, spared);
            droppedEntries.add(1);
        }
    }

    private boolean isExpendable(long entry, long nowNs) {
        int state = ConnectionEntry.state(entry);
        if (ConnectionEntry.isTemplate(entry)) {
            return life.isOnePacketService(entry)
                    ? isTurn(entry, nowNs)
                    : (state & SyncState.TEMPLATE_ASSURED) == 0;
        }
        return switch (ConnectionEntry.protocol(entry)) {
            case IpProtocol.TCP ->
                    switch (state) {
                        case SyncState.TCP_SYN_RECV, SyncState.TCP_SYNACK -> true;
                        case SyncState.TCP_ESTABLISHED -> isTurn(entry, nowNs);
                        default -> false;
                    };
            case IpProtocol.SCTP ->
                    switch (state) {
                        case SyncState.SCTP_INIT1, SyncState.SCTP_INIT -> true;
                        case SyncState.SCTP_ESTABLISHED -> isTurn(entry, nowNs);
                        default -> false;
                    };
            default -> isTurn(entry, nowNs);
        };
    }

    /** Idle for a minute, with few packets, and every so-many-th of those with as many. */
    private boolean isTurn(long entry, long nowNs) {
        long restartedNs =
                ConnectionEntry.deadlineNs(entry)
                        - ConnectionEntry.timeoutSeconds(entry) * SECOND_NS;
        int packets = ConnectionEntry.inPackets(entry);
        if (nowNs - restartedNs < IDLE_NS || packets == 0 || packets > BUSY_PACKETS) {
            return false;
        }
        if (--countdowns[packets] > 0) {
            return false;
        }
        countdowns[packets] = packets;
        return true;
    }
}
