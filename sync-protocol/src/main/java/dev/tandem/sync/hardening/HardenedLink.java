package dev.tandem.sync.hardening;

import dev.tandem.sync.hardening.HardeningConfig.Mode;
import dev.tandem.sync.hardening.HardeningCounters.Count;
import dev.tandem.sync.transport.SyncLink;
import dev.tandem.sync.transport.SyncLinkCounters;
import dev.tandem.sync.wire.SyncHeaderV1;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A link whose messages are signed, numbered, taken in order and repaired, over any other link. The
 * kernel does not see the difference; the module's README has the protocol.
 *
 * <p>All methods belong to the worker's thread, but for {@link #keys}, {@link #status}, {@link
 * #peerEpoch}, {@link #counters}, {@link #onReceive} and {@link #close}. Reads no clock: it is
 * whatever time the last {@link #doWork} said. Allocates nothing per datagram but what the JCA does
 * for a signature.
 */
public final class HardenedLink implements SyncLink {
    private static final int ALIGNMENT = 4;

    /** Refused datagrams that one {@link #receive} looks at: a flood must not hold the worker. */
    private static final int RECEIVE_LIMIT = 256;

    private final SyncLink link;
    private final int syncId;
    private final Mode mode;
    private final Signer signer;
    private final HardeningCounters counters = new HardeningCounters();
    private final ControlWriter writer;
    private final SenderHalf sender;
    private final ReceiverHalf receiver;
    private final long session;
    private boolean master;
    private long ownEpoch;
    private long nowNs;
    private int looked;

    /**
     * @param syncId 0 to 255; of messages with another one, unless it is 0, nothing is asked: they
     *     are passed on, for the decoder to count and refuse
     * @throws IllegalArgumentException when there is nothing to harden with
     */
    public HardenedLink(SyncLink link, int syncId, HardeningConfig config) {
        this(link, syncId, config, false);
    }

    private HardenedLink(SyncLink link, int syncId, HardeningConfig config, boolean silent) {
        if (config.mode() == Mode.OFF) {
            throw new IllegalArgumentException("hardening is off");
        }
        this.link = link;
        this.syncId = syncId;
        this.mode = config.mode();
        session = new SecureRandom().nextLong();
        signer = new Signer(config.keys());
        writer = new ControlWriter(link, syncId, session, signer, counters, silent);
        sender = new SenderHalf(writer, counters, link.streams());
        receiver = new ReceiverHalf(writer, counters, link.streams());
    }

    /**
     * A link that never sends a byte, for a silent listener. It cannot ask whether a sender lives:
     * it believes what is well signed, recorded messages too, and what is lost stays lost until the
     * sender makes a table round for somebody else.
     */
    public static HardenedLink listenOnly(SyncLink link, int syncId, HardeningConfig config) {
        return new HardenedLink(link, syncId, config, true);
    }

    /** The least maximum length of messages with which all that has to be said fits. */
    public static int minLength(int streams) {
        return Math.max(256, SyncHeaderV1.LENGTH + 24 + streams * Long.BYTES + Trailer.LENGTH);
    }

    /** Who is told of the table rounds of others. */
    public void repair(TableRepair repair) {
        receiver.repair(repair);
    }

    /** Whether no table rounds are asked for: the table comes by other means. */
    public void roundless(boolean on) {
        receiver.roundless(on);
    }

    /** Replaces the keys without an interruption; any thread. */
    public void keys(List<SyncKey> keys) {
        signer.keys(keys);
    }

    /**
     * Sends and asks for what is due.
     *
     * @return messages sent and datagrams looked at since the last call
     */
    public int doWork(long nowNs) {
        this.nowNs = nowNs;
        int work = looked + sender.doWork(nowNs);
        looked = 0;
        if (!master) {
            work += receiver.doWork(nowNs);
        }
        return work;
    }

    /** Nanoseconds until {@link #doWork} has something to do. */
    public long waitNs(long nowNs) {
        long wait = sender.waitNs(nowNs);
        return master ? wait : Math.min(wait, receiver.waitNs(nowNs));
    }

    /**
     * The ownership epoch that this node knows of; a lower one than before changes nothing. Masters
     * of lower epochs are not believed from now on.
     */
    public void epoch(long epoch) {
        ownEpoch = Math.max(ownEpoch, epoch);
        receiver.raiseEpoch(epoch);
        publishEpoch();
    }

    /** The highest epoch that a node which is known to live has shown; 0 when none; any thread. */
    public long peerEpoch() {
        return counters.of(Count.HIGHEST_EPOCH);
    }

    /**
     * Gives to the worker what is held back, in order, though something before it is missing: to be
     * called before the last {@link #receive} of a backup that becomes master.
     */
    public void giveUpGaps() {
        receiver.giveUpGaps();
    }

    /** This node is master: it takes nothing from other masters any more. */
    public void own() {
        master = true;
        receiver.reset();
        receiver.doWork(nowNs);
        publishEpoch();
        sender.own(nowNs);
    }

    /** This node is no master: whoever sends has to prove itself, and is asked for its table. */
    public void follow() {
        master = false;
        receiver.reset();
        publishEpoch();
        sender.follow(nowNs);
    }

    private void publishEpoch() {
        writer.epoch(master ? ownEpoch : receiver.highestEpoch());
        counters.set(Count.EPOCH, ownEpoch);
    }

    /** Entries in this node's table, for receivers to know how much of it they have. */
    public void tableSize(int entries) {
        sender.tableSize(entries);
    }

    /** Whether a receiver wants a table round; a wish is told once. */
    public boolean takeTableRequest() {
        return sender.takeTableRequest();
    }

    /** Says that all entries follow; false when no buffer was free and it is to be called again. */
    public boolean beginRound() {
        return sender.beginRound(nowNs);
    }

    /** Says that all entries were sent; false when it is to be called again. */
    public boolean endRound() {
        return sender.endRound(nowNs);
    }

    @Override
    public int streams() {
        return link.streams();
    }

    /** A buffer whose limit leaves room for the trailer. */
    @Override
    public @Nullable ByteBuffer claim(int stream) {
        ByteBuffer buffer = writer.isSilent() ? null : link.claim(stream);
        if (buffer == null) {
            return null;
        }
        int room = (buffer.limit() & -ALIGNMENT) - Trailer.LENGTH;
        return buffer.limit(Math.max(room, SyncHeaderV1.LENGTH));
    }

    @Override
    public int stream(ByteBuffer datagram) {
        return receiver.owns(datagram) ? Trailer.stream(datagram) : link.stream(datagram);
    }

    @Override
    public void send(ByteBuffer datagram) {
        sender.data(datagram, link.stream(datagram), nowNs);
    }

    @Override
    public @Nullable ByteBuffer receive() {
        if (!master) {
            ByteBuffer waiting = receiver.poll(nowNs);
            if (waiting != null) {
                return waiting;
            }
        }
        for (int i = 0; i < RECEIVE_LIMIT; i++) {
            ByteBuffer datagram = link.receive();
            if (datagram == null) {
                return null;
            }
            if (isTaken(datagram)) {
                return datagram;
            }
            link.release(datagram);
            looked++;
            ByteBuffer waiting = master ? null : receiver.poll(nowNs);
            if (waiting != null) {
                return waiting;
            }
        }
        return null;
    }

    private boolean isTaken(ByteBuffer datagram) {
        if (isForeign(datagram)) {
            return true;
        }
        if (!Trailer.isPresent(datagram)) {
            if (mode == Mode.ENFORCE) {
                counters.add(Refusal.NO_TRAILER);
                return false;
            }
            counters.add(Count.PLAIN);
            return true;
        }
        Refusal refusal = signer.verify(datagram);
        if (refusal == null && !Trailer.isSound(datagram)) {
            refusal = Refusal.MALFORMED;
        }
        if (refusal == null && Trailer.session(datagram) == session) {
            refusal = Refusal.REFLECTED;
        }
        if (refusal != null) {
            counters.add(refusal);
            return false;
        }
        return dispatch(datagram);
    }

    /** The decoder looks at the sync id too, and refuses what is foreign. */
    private boolean isForeign(ByteBuffer datagram) {
        return syncId != 0
                && datagram.remaining() >= SyncHeaderV1.COMMON_LENGTH
                && Byte.toUnsignedInt(
                                datagram.get(datagram.position() + SyncHeaderV1.SYNC_ID_OFFSET))
                        != syncId;
    }

    private boolean dispatch(ByteBuffer datagram) {
        TrailerKind kind = TrailerKind.of(Trailer.kind(datagram));
        if (kind == null) {
            counters.add(Refusal.UNKNOWN_KIND);
            return false;
        }
        if (Trailer.bodyLength(datagram) < kind.minBodyLength()) {
            counters.add(Refusal.MALFORMED);
            return false;
        }
        return switch (kind) {
            case DATA, STATUS, ROUND_BEGIN, ROUND_END -> onSender(kind, datagram);
            case REQUEST, CHALLENGE, PROOF, TABLE_REQUEST -> {
                if (datagram.getLong(Trailer.body(datagram)) == session) {
                    onControl(kind, datagram);
                }
                yield false;
            }
        };
    }

    private boolean onSender(TrailerKind kind, ByteBuffer datagram) {
        if (master) {
            boolean stale = Trailer.epoch(datagram) < ownEpoch;
            counters.add(stale ? Refusal.STALE_EPOCH : Refusal.OTHER_MASTER);
            return false;
        }
        boolean taken = receiver.onDatagram(kind, datagram, nowNs);
        heard(receiver.highestEpoch());
        return taken;
    }

    private void onControl(TrailerKind kind, ByteBuffer datagram) {
        if (kind == TrailerKind.PROOF) {
            if (!master) {
                receiver.onProof(datagram, nowNs);
                heard(receiver.highestEpoch());
            }
            return;
        }
        heard(Trailer.epoch(datagram));
        if (writer.isSilent()) {
            return;
        }
        if (kind == TrailerKind.REQUEST) {
            sender.onRequest(datagram, nowNs);
        } else if (kind == TrailerKind.CHALLENGE) {
            sender.onChallenge(datagram);
        } else {
            sender.onTableRequest(datagram);
        }
    }

    private void heard(long epoch) {
        if (epoch > counters.of(Count.HIGHEST_EPOCH)) {
            counters.set(Count.HIGHEST_EPOCH, epoch);
            publishEpoch();
        }
    }

    @Override
    public void release(ByteBuffer datagram) {
        if (!receiver.owns(datagram)) {
            link.release(datagram);
        }
    }

    @Override
    public void onReceive(Runnable wakeUp) {
        link.onReceive(wakeUp);
    }

    @Override
    public SyncLinkCounters counters() {
        return link.counters();
    }

    /** How it stands; any thread. */
    public HardeningStatus status() {
        Map<String, Long> refused = new TreeMap<>();
        for (Refusal refusal : Refusal.values()) {
            long count = counters.of(refusal);
            if (count != 0) {
                refused.put(refusal.name(), count);
            }
        }
        return new HardeningStatus(
                mode,
                counters.of(Count.EPOCH),
                Math.max(counters.of(Count.EPOCH), counters.of(Count.HIGHEST_EPOCH)),
                (int) counters.of(Count.PROVEN),
                (int) counters.of(Count.MASTER_ENTRIES),
                counters.of(Count.LAG_MS),
                counters.of(Count.TABLE_WANTED) != 0,
                counters.of(Count.VERIFIED),
                counters.of(Count.PLAIN),
                counters.of(Count.REPAIRED),
                counters.of(Count.LOST),
                counters.of(Count.RESENT),
                counters.of(Count.ROUNDS_SENT),
                counters.of(Count.ROUNDS_TAKEN),
                counters.of(Count.CONTROL_DROPS),
                refused);
    }

    @Override
    public void close() {
        link.close();
    }
}
