package dev.tandem.sync.hardening;

import dev.tandem.sync.hardening.HardeningCounters.Count;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver makes of well signed datagrams: which sender it believes ({@link RemoteSession}),
 * in which order they are taken ({@link ReceiveStream}), what it asks for.
 *
 * <p>A gap is waited out for {@link #REORDER_NS}, then asked for every 10 to 40 ms. When the sender
 * is heard and yet does not answer, the gap is given up, and a table round is asked for.
 */
final class ReceiverHalf {
    /** Datagrams may overtake each other by so much before the late one is asked for. */
    static final long REORDER_NS = 1_000_000L;

    static final long REQUEST_FIRST_NS = 10_000_000L;
    static final long REQUEST_LAST_NS = 40_000_000L;
    static final long CHALLENGE_FIRST_NS = 10_000_000L;

    private static final long CHALLENGE_LAST_NS = 200_000_000L;
    private static final long TABLE_REQUEST_NS = 50_000_000L;

    /** A sender that was heard within this time can answer. */
    private static final long ALIVE_NS = 300_000_000L;

    /** A sender that was not heard for so long is forgotten, and has to prove itself anew. */
    private static final long GONE_NS = 10_000_000_000L;

    /** Some more than a second. */
    private static final int MAX_TRIES = 32;

    private static final int MAX_RANGES = 32;
    private static final int MAX_SESSIONS = 16;
    private static final int MAX_STREAMS = 64;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final ControlWriter writer;
    private final HardeningCounters counters;
    private final List<RemoteSession> sessions = new ArrayList<>(MAX_SESSIONS);
    private final SecureRandom random = new SecureRandom();
    private final int streams;
    private TableRepair repair = TableRepair.NONE;
    private long highestEpoch;
    private long repairedBefore;

    /** Whether something may wait to be polled. */
    private boolean ready;

    private boolean roundless;

    ReceiverHalf(ControlWriter writer, HardeningCounters counters, int streams) {
        this.writer = writer;
        this.counters = counters;
        this.streams = streams;
    }

    void repair(TableRepair repair) {
        this.repair = repair;
    }

    /** Whether it asks for no tables. */
    void roundless(boolean on) {
        roundless = on;
    }

    /** The highest epoch that is believed. */
    long highestEpoch() {
        return highestEpoch;
    }

    void raiseEpoch(long epoch) {
        highestEpoch = Math.max(highestEpoch, epoch);
    }

    /** Forgets every sender: whoever goes on has to prove itself, and is asked for its table. */
    void reset() {
        while (!sessions.isEmpty()) {
            forget(sessions.getLast());
        }
        ready = false;
    }

    private void forget(RemoteSession session) {
        for (ReceiveStream stream : session.streams) {
            repairedBefore += stream.repaired();
        }
        sessions.remove(session);
    }

    private void forgetGone(long nowNs) {
        for (int i = sessions.size() - 1; i >= 0; i--) {
            RemoteSession session = sessions.get(i);
            if (nowNs - session.heardNs > GONE_NS) {
                forget(session);
            }
        }
    }

    /** What waits for missing datagrams waits no longer: there will be no better time. */
    void giveUpGaps() {
        for (RemoteSession session : sessions) {
            for (ReceiveStream stream : session.streams) {
                stream.giveUpGap();
            }
        }
        ready = true;
    }

    /**
     * A datagram of a sender: DATA, STATUS, ROUND_BEGIN or ROUND_END.
     *
     * @return true when it is to be given to the worker now
     */
    boolean onDatagram(TrailerKind kind, ByteBuffer datagram, long nowNs) {
        RemoteSession session = session(datagram, nowNs);
        int number = Trailer.stream(datagram);
        if (!session.proven) {
            if (!writer.isSilent() || number >= MAX_STREAMS) {
                challenge(session, nowNs);
                counters.add(Refusal.UNPROVEN);
                return false;
            }
            long at = Trailer.sequence(datagram) + (kind == TrailerKind.STATUS ? 1 : 0);
            session.believe(Math.max(streams, number + 1), number, Math.max(1, at), nowNs);
        }
        session.epoch = Math.max(session.epoch, Trailer.epoch(datagram));
        raiseEpoch(session.epoch);
        if (session.epoch < highestEpoch) {
            counters.add(Refusal.STALE_EPOCH);
            return false;
        }
        if (number >= session.streams.length) {
            counters.add(Refusal.MALFORMED);
            return false;
        }
        heard(session, nowNs);
        ReceiveStream stream = session.streams[number];
        if (kind == TrailerKind.STATUS) {
            onStatus(session, stream, datagram, nowNs);
            return false;
        }
        ReceiveStream.Fate fate = stream.offer(Trailer.sequence(datagram), datagram, nowNs);
        ready = true;
        switch (fate) {
            case NEXT -> {
                return deliver(session, datagram, nowNs);
            }
            case HELD -> {}
            case DUPLICATE -> counters.add(Refusal.DUPLICATE);
            case REPLAY -> counters.add(Refusal.REPLAY);
            case BEYOND -> counters.add(Refusal.BEYOND_WINDOW);
        }
        return false;
    }

    private static void heard(RemoteSession session, long nowNs) {
        if (nowNs - session.heardNs > ALIVE_NS) {
            for (ReceiveStream stream : session.streams) {
                if (stream.hasGap()) {
                    stream.hurryRequest(nowNs);
                }
            }
        }
        session.heardNs = nowNs;
    }

    private void onStatus(
            RemoteSession session, ReceiveStream stream, ByteBuffer status, long nowNs) {
        int body = Trailer.body(status);
        session.entries = status.getInt(body + 8);
        counters.set(Count.MASTER_ENTRIES, session.entries);
        stream.status(Trailer.sequence(status), status.getLong(body), nowNs);
        ready = true;
    }

    private RemoteSession session(ByteBuffer datagram, long nowNs) {
        long id = Trailer.session(datagram);
        RemoteSession stalest = null;
        for (int i = 0; i < sessions.size(); i++) {
            RemoteSession each = sessions.get(i);
            if (each.id == id) {
                return each;
            }
            if (stalest == null || isLessWorth(each, stalest)) {
                stalest = each;
            }
        }
        if (stalest != null && sessions.size() == MAX_SESSIONS) {
            forget(stalest);
        }
        RemoteSession session = new RemoteSession(id, nowNs);
        random.nextBytes(session.nonce);
        sessions.add(session);
        return session;
    }

    /** Recorded sessions must not push out those that live. */
    private static boolean isLessWorth(RemoteSession one, RemoteSession other) {
        return one.proven == other.proven ? one.heardNs - other.heardNs < 0 : !one.proven;
    }

    private void challenge(RemoteSession session, long nowNs) {
        if (nowNs - session.challengeDueNs < 0) {
            return;
        }
        session.challengeDueNs = nowNs + session.challengeGapNs;
        session.challengeGapNs = Math.min(2 * session.challengeGapNs, CHALLENGE_LAST_NS);
        ByteBuffer message = writer.begin(0);
        if (message != null) {
            message.putLong(session.id).put(session.nonce);
            writer.stampControl(message, TrailerKind.CHALLENGE, 0, 0);
            writer.send(message);
        }
    }

    /** An answer to a challenge of this process. */
    void onProof(ByteBuffer proof, long nowNs) {
        long id = Trailer.session(proof);
        int body = Trailer.body(proof);
        int count = (Trailer.bodyLength(proof) - 24) / Long.BYTES;
        for (int i = 0; i < sessions.size(); i++) {
            RemoteSession session = sessions.get(i);
            if (session.id == id && session.hasNonce(proof, body + 8)) {
                if (!session.proven && count <= MAX_STREAMS) {
                    session.prove(proof, body + 24, count, nowNs);
                    session.epoch = Trailer.epoch(proof);
                    raiseEpoch(session.epoch);
                    heard(session, nowNs);
                }
                return;
            }
        }
        counters.add(Refusal.BAD_PROOF);
    }

    /** The next datagram whose turn has come, or null. */
    @Nullable ByteBuffer poll(long nowNs) {
        if (!ready) {
            return null;
        }
        for (int i = 0; i < sessions.size(); i++) {
            RemoteSession session = sessions.get(i);
            for (ReceiveStream stream : session.streams) {
                ByteBuffer datagram = stream.poll(nowNs);
                while (datagram != null) {
                    if (deliver(session, datagram, nowNs)) {
                        return datagram;
                    }
                    datagram = stream.poll(nowNs);
                }
                noteLosses(session, nowNs);
            }
        }
        ready = false;
        return null;
    }

    /** Whether the buffer is one that {@link #poll} returned. */
    boolean owns(ByteBuffer datagram) {
        for (int i = 0; i < sessions.size(); i++) {
            for (ReceiveStream stream : sessions.get(i).streams) {
                if (stream.owns(datagram)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean deliver(RemoteSession session, ByteBuffer datagram, long nowNs) {
        noteLosses(session, nowNs);
        TrailerKind kind = TrailerKind.of(Trailer.kind(datagram));
        if (kind == TrailerKind.DATA) {
            counters.add(Count.VERIFIED);
            return true;
        }
        int stream = Trailer.stream(datagram);
        long number = datagram.getLong(Trailer.body(datagram));
        if (kind == TrailerKind.ROUND_BEGIN) {
            if (session.round.begin(stream, number, Trailer.sequence(datagram))) {
                repair.roundBegan();
            }
        } else if (session.round.end(stream, number)) {
            if (session.round.isGood()) {
                counters.add(Count.ROUNDS_TAKEN);
                session.roundTaken();
                repair.roundEnded();
            } else {
                session.wantTable(nowNs);
            }
        }
        return false;
    }

    private void noteLosses(RemoteSession session, long nowNs) {
        long lost = session.newLosses();
        if (lost > 0) {
            counters.add(Count.LOST, lost);
            session.round.lost();
            session.wantTable(nowNs);
        }
    }

    /** Asks for what is missing. */
    int doWork(long nowNs) {
        forgetGone(nowNs);
        int sent = 0;
        int proven = 0;
        long lagNs = 0;
        long repaired = repairedBefore;
        long wanted = 0;
        for (int i = 0; i < sessions.size(); i++) {
            RemoteSession session = sessions.get(i);
            for (ReceiveStream stream : session.streams) {
                repaired += stream.repaired();
            }
            if (!isCurrent(session)) {
                continue;
            }
            proven++;
            session.tableWanted &= !roundless;
            lagNs = Math.max(lagNs, session.lagNs(nowNs));
            wanted |= session.tableWanted ? 1 : 0;
            sent += request(session, nowNs);
        }
        counters.set(Count.PROVEN, proven);
        counters.set(Count.LAG_MS, lagNs / NANOS_PER_MILLI);
        counters.set(Count.REPAIRED, repaired);
        counters.set(Count.TABLE_WANTED, wanted);
        return sent;
    }

    private boolean isCurrent(RemoteSession session) {
        return session.proven && session.epoch == highestEpoch;
    }

    private int request(RemoteSession session, long nowNs) {
        boolean alive = nowNs - session.heardNs < ALIVE_NS;
        int sent = 0;
        for (int i = 0; i < session.streams.length; i++) {
            ReceiveStream stream = session.streams[i];
            if (stream.hasGap() && stream.requestWaitNs(nowNs) <= 0) {
                if (writer.isSilent() || (alive && stream.tried() > MAX_TRIES)) {
                    stream.giveUpGap();
                    ready = true;
                } else {
                    sendRequest(session, i, nowNs);
                }
                sent++;
            }
        }
        if (session.tableWanted
                && alive
                && !session.isRoundComing()
                && !writer.isSilent()
                && nowNs - session.tableDueNs >= 0) {
            sendTableRequest(session, nowNs);
            sent++;
        }
        return sent;
    }

    private void sendRequest(RemoteSession session, int stream, long nowNs) {
        ByteBuffer message = writer.begin(stream < streams ? stream : 0);
        if (message != null) {
            message.putLong(session.id);
            int ranges = Math.min(MAX_RANGES, ControlWriter.bodyRoom(message) / 12);
            session.streams[stream].writeRequest(message, ranges, nowNs);
            writer.stampControl(message, TrailerKind.REQUEST, stream, 0);
            writer.send(message);
            counters.add(Count.REQUESTS);
        }
    }

    private void sendTableRequest(RemoteSession session, long nowNs) {
        session.tableDueNs = nowNs + TABLE_REQUEST_NS;
        ByteBuffer message = writer.begin(0);
        if (message != null) {
            message.putLong(session.id).putLong(session.tableSince());
            writer.stampControl(message, TrailerKind.TABLE_REQUEST, 0, 0);
            writer.send(message);
        }
    }

    long waitNs(long nowNs) {
        long wait = Long.MAX_VALUE;
        for (int i = 0; i < sessions.size(); i++) {
            RemoteSession session = sessions.get(i);
            if (isCurrent(session)) {
                for (ReceiveStream stream : session.streams) {
                    wait = Math.min(wait, stream.requestWaitNs(nowNs));
                }
                if (session.tableWanted && !session.isRoundComing()) {
                    wait = Math.min(wait, session.tableDueNs - nowNs);
                }
            }
        }
        return wait;
    }
}
